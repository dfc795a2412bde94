/** SES's event for a mail that its receipt rule took, as far as it is read. */
import * as z from 'zod';
import type { Verdict } from '../../domain/mail/inbound.ts';

/** NONE, as other servers say it, is what SES calls GRAY of SPF, DKIM and DMARC: the domain has published nothing. */
const VERDICTS: Readonly<Record<string, Verdict>> = { PASS: 'pass', FAIL: 'fail', GRAY: 'gray', NONE: 'gray' };

/** PROCESSING_FAILED, DISABLED, a word that is not known, or none: there is no answer. */
const verdict = z
  .object({ status: z.string() })
  .optional()
  .transform((given): Verdict => VERDICTS[given?.status.toUpperCase() ?? ''] ?? 'unknown');

const address = z.string().transform((text) =>
  text
    .trim()
    .replace(/^<(.*)>$/s, '$1')
    .toLowerCase(),
);

const recordSchema = z.object({
  ses: z.object({
    mail: z.object({
      messageId: z.string().regex(/^[A-Za-z0-9._-]{1,200}$/),
      timestamp: z.iso.datetime(),
      source: address,
      /** Its From headers, as SES read them; read of a mail that is not read itself. */
      commonHeaders: z.object({ from: z.array(z.string()).optional().catch(undefined) }).optional(),
    }),
    receipt: z.object({
      recipients: z.array(address),
      spfVerdict: verdict,
      dkimVerdict: verdict,
      dmarcVerdict: verdict,
      spamVerdict: verdict,
      virusVerdict: verdict,
      dmarcPolicy: z
        .string()
        .toLowerCase()
        .pipe(z.enum(['none', 'quarantine', 'reject']))
        .optional()
        .catch(undefined),
    }),
  }),
});

/** SES wakes a function with one mail at a time. */
export const sesEventSchema = z.object({ Records: z.tuple([recordSchema]) }).transform(({ Records: [{ ses }] }) => ({
  sesMessageId: ses.mail.messageId,
  receivedAt: ses.mail.timestamp,
  returnPath: ses.mail.source,
  from: ses.mail.commonHeaders?.from ?? [],
  recipients: ses.receipt.recipients,
  verdicts: {
    spf: ses.receipt.spfVerdict,
    dkim: ses.receipt.dkimVerdict,
    dmarc: ses.receipt.dmarcVerdict,
    spam: ses.receipt.spamVerdict,
    virus: ses.receipt.virusVerdict,
    dmarcPolicy: ses.receipt.dmarcPolicy,
  },
}));
export type Received = z.output<typeof sesEventSchema>;
