/**
 * Takes note of a letter that failed: the event on its ticket, the state of its reader's address and the claim that it was noted are one
 * transaction, so that a report that comes twice, or by two ways, is noted once. The trap: transient failures stop nothing.
 */
import { afterFailure, type Failure, type MailStopState } from '../domain/mail/address.ts';
import { decide } from '../domain/ticket/commands.ts';
import type { MailFailureKind } from '../domain/ticket/ticket-event.ts';
import type { Instant } from '../domain/time/instant.ts';
import { theDesk } from '../domain/vocabulary.ts';
import { markAddress } from './addresses.ts';
import { attempt } from './attempt.ts';
import { commit, type Change } from './commit.ts';
import { wasMailed } from './mails.ts';
import { readTogether, type Found } from './read.ts';
import { unitsOf } from './units.ts';
import type { Table } from './table.ts';

export interface MailFailure {
  /** What names the letter: the id that SES gave it. */
  readonly letter: string;
  /** The address that the letter was sent to. */
  readonly to: string;
  readonly kind: MailFailureKind;
  /** Why, for people. */
  readonly reason: string;
  readonly at: Instant;
  /** The state that the address is in from now on; absent where the failure says nothing about later letters. */
  readonly stops?: MailStopState | undefined;
  readonly sentAt?: Instant | undefined;
  /** The ticket that the letter was about; absent where it was about none, such as a report. */
  readonly ticketId?: string | undefined;
  readonly cause?: string | undefined;
}

const stopIn = ({ to, stops, at, reason, cause, sentAt }: MailFailure): Failure | undefined =>
  stops && { email: to, state: stops, at, reason, cause, sentAt };

const changeOf = async (table: Table, failure: MailFailure, found: Found): Promise<Change> => {
  const { ticket: before, address: known } = found;
  if (!before) throw new Error(`a letter that failed is about ${failure.ticketId ?? 'a ticket'}, which is not there`);
  const stop = stopIn(failure);
  const marked = stop && afterFailure(known, stop);
  const address = marked && { before: known, after: marked };
  const { to, kind, reason, stops, at } = failure;
  const wish = { type: 'note-mail-failure', to, kind, reason, permanent: stops !== undefined } as const;
  const decision = decide(before, wish, theDesk, at);
  if (!decision.ok) throw new Error(`a failure is not noted: ${decision.refusal.message}`);
  const { ticket: after, events } = decision;
  return { address, ticket: { before, after }, events, ...(await unitsOf(table, before, events)) };
};

/** A letter that the desk has no record of went to somebody who was erased since: what became of it is nobody's business any more. */
const isForgotten = async (table: Table, { cause, to }: MailFailure): Promise<boolean> =>
  cause !== undefined && !(await wasMailed(table, cause, to));

/** Notes a failure once. Answers false where there is no ticket to note it on, it was noted before, or its reader was erased. */
export const noteMailFailure = async (table: Table, failure: MailFailure): Promise<boolean> => {
  if (await isForgotten(table, failure)) return false;
  const { letter, to, kind, ticketId, at } = failure;
  const mailFailure = { letter, to, kind, at };
  if (ticketId === undefined) {
    const stop = stopIn(failure);
    if (stop) await markAddress(table, stop);
    return false;
  }
  return attempt(async () => {
    const found = await readTogether(table, { ticketId, address: to, mailFailure });
    if (found.isNoted) return false;
    const change = await changeOf(table, failure, found);
    const outcome = await commit(table, { ...change, mailFailure });
    return outcome === 'committed' ? true : 'stale';
  });
};
