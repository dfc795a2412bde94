/**
 * Where a proven writer's mail belongs: on the thread of a ticket, or in a new one. It is told which tickets the mail names and by
 * which way, and decides whether that way counts for this writer. The trap: nobody can tell a missing ticket from somebody else's,
 * so both end in the same way (rule EV-09).
 */
import { ULID_PATTERN } from '../ids.ts';
import { stop, type Stopped } from './inbound.ts';

/** How a mail can name a ticket, in the order in which they count. */
export const ways = ['address', 'reference', 'ses-id', 'subject'] as const;
export type Way = (typeof ways)[number];

/** A ticket that a mail names. */
export interface Thread {
  readonly by: Way;
  readonly ticketId: string;
  /** Whose it is; absent where there is no such ticket. */
  readonly accountId?: string | undefined;
  /** Whether the writer works on it. */
  readonly isAssigned: boolean;
  /**
   * Whether the way counts for this writer: a reply address that was signed for somebody else does not, and the tag of a subject,
   * which anybody may type, does only for who takes part already.
   */
  readonly holds: boolean;
}

/** What the desk knows of a proven writer and of what the mail names. */
export interface Known {
  /** The accounts of which the address is a contact. */
  readonly accountIds: readonly string[];
  /** Whether it is an address of the vendor's own people. */
  readonly isStaff: boolean;
  /** The tickets that the mail names, in the order of the ways. */
  readonly threads: readonly Thread[];
  /** Whether it was sent to a reply address that can't be read: it meant a thread, and nobody knows which. */
  readonly isMisdirected: boolean;
  /** Whether its subject is that of one of the desk's own letters: a machine answers the letter, or somebody who lost its thread. */
  readonly echoesLetter: boolean;
}

export type Route =
  | Stopped
  | { readonly outcome: 'open'; readonly accountId: string }
  | {
      readonly outcome: 'reply';
      readonly accountId: string;
      readonly ticketId: string;
      readonly by: Way;
      /** On which side of the ticket the writer stands. Somebody on both is its customer: that gives no promise away. */
      readonly as: 'customer' | 'staff';
    };

const sideOn = (
  { accountId, isAssigned }: Thread,
  { accountIds, isStaff }: Known,
): 'customer' | 'staff' | undefined => {
  if (accountId !== undefined && accountIds.includes(accountId)) return 'customer';
  return isStaff || isAssigned ? 'staff' : undefined;
};

const replyIn = (known: Known): Route | undefined => {
  for (const thread of known.threads) {
    const { ticketId, accountId, by, holds } = thread;
    const as = sideOn(thread, known);
    if (holds && accountId !== undefined && as) return { outcome: 'reply', ticketId, accountId, by, as };
  }
  return undefined;
};

/** Says what a proven writer's mail is: a message on a ticket, a new ticket, or nothing that may act. */
export const route = (known: Known): Route => {
  const reply = replyIn(known);
  if (reply) return reply;
  if (known.threads.length > 0 || known.isMisdirected) {
    return stop('quarantined', 'stranger-to-ticket', 'The mail names a ticket in which its writer does not take part.');
  }
  const [accountId, ...others] = known.accountIds;
  if (accountId === undefined && !known.isStaff) {
    return stop(
      'refused',
      'stranger',
      'The writer is no contact of any account. Write from the address that is known here.',
    );
  }
  // Before anything that opens a ticket or is answered: each letter to a machine that answers would bring the next.
  if (known.echoesLetter) {
    return stop(
      'quarantined',
      'echoes-letter',
      'The mail has the subject of a letter of this desk and names no ticket: a machine may have written it.',
    );
  }
  if (accountId === undefined) {
    return stop('refused', 'staff', 'An engineer’s mail acts in answer to a ticket; it opens none.');
  }
  if (others.length > 0) {
    return stop(
      'refused',
      'several-accounts',
      'The writer is a contact of several accounts, and nothing says which one pays; open the ticket over the API.',
    );
  }
  return { outcome: 'open', accountId };
};

/** More tags than this in one subject are nobody's answer. */
const MOST_TAGS = 5;

const TAG = new RegExp(`\\[(tkt_${ULID_PATTERN})\\]`, 'g');

/** The tickets that a subject names, as the desk's own mails do: `[tkt_…]`. */
export const ticketsNamedIn = (subject: string): string[] =>
  [...new Set(Array.from(subject.matchAll(TAG), ([, id = '']) => id))].slice(0, MOST_TAGS);
