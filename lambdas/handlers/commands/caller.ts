/** Who asks for something, by a call or by a mail, and what is theirs to see. */
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { Actor, Role, Tier } from '../../domain/vocabulary.ts';
import { Problem } from './problem.ts';

export interface Caller {
  readonly role: Role;
  /** The account that a customer belongs to; staff have none. */
  readonly accountId?: string;
  readonly email?: string;
  readonly tier?: Tier;
}

export const actorOf = ({ role, email, tier }: Caller): Actor => ({
  role,
  ...(email !== undefined && { email }),
  ...(tier && { tier }),
});

const mayAct = (caller: Caller, accountId: string): boolean =>
  caller.role !== 'customer' || caller.accountId === accountId;

/** An account's data is there for its own people and for the vendor's; to anyone else it does not exist (rule EV-09). */
export const ownAccount = <Found>(caller: Caller, accountId: string, found: Found | undefined): Found => {
  if (found === undefined || !mayAct(caller, accountId)) throw new Problem('not-found', 'There is no such account.');
  return found;
};

/** The same for a ticket: another customer's ticket does not exist. */
export const ownTicket = (caller: Caller, ticket: Ticket | undefined): Ticket => {
  if (!ticket || !mayAct(caller, ticket.accountId)) throw new Problem('not-found', 'There is no such ticket.');
  return ticket;
};
