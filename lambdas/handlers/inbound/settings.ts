/**
 * What a function needs that handles mail: where the messages are stored, the desk's own addresses, and those of its people. Absent
 * as a whole where the desk takes no mail in.
 */
import type * as z from 'zod';
import type { QuotaLimits } from '../../domain/account/quota.ts';
import type { Staff } from '../../domain/mail/part.ts';
import type { ObjectStore } from '../../store/links.ts';
import type { mailInEnvironment } from '../environment.ts';
import type { Files } from '../files.ts';
import { openReplyAddresses, type ReplyAddresses } from '../mail/reply-address.ts';

export interface MailSettings {
  readonly store: ObjectStore;
  /** The domain whose mail the desk takes in. */
  readonly mailDomain: string;
  /** Absent where the desk has no secret to sign them with: then threads are known by the other ways. */
  readonly replyAddresses?: ReplyAddresses;
  readonly staff: Staff;
  /** What the desk writes from, in lower case. */
  readonly sender?: string;
  /** How many tickets an account's people may open; without limits nothing is counted. What a manager releases is not counted. */
  readonly limits?: QuotaLimits;
}

/** The settings, or nothing where the desk takes no mail in. */
export const openMailSettings = (
  environment: z.output<typeof mailInEnvironment>,
  { mails: store }: Files,
): MailSettings | undefined => {
  const { MAIL_DOMAIN: mailDomain, REPLY_SECRET: secret, SENDER: sender } = environment;
  if (mailDomain === undefined) return undefined;
  const { TS1_ADDRESSES: TS1, TS2_ADDRESSES: TS2, TS3_ADDRESSES: TS3, MANAGERS: managers } = environment;
  return {
    store,
    mailDomain,
    ...(secret !== undefined && { replyAddresses: openReplyAddresses({ secret, mailDomain }) }),
    staff: { tiers: { TS1, TS2, TS3 }, managers },
    ...(sender !== undefined && { sender: sender.toLowerCase() }),
  };
};
