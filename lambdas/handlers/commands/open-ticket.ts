/** Opening a ticket for an account, as a customer or an engineer asks for it by whatever channel. */
import type { Account } from '../../domain/account/account.ts';
import { open, type OpeningContext, type OpeningRequest } from '../../domain/opening/opening.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { planOf, programmeOf } from '../../plans/catalogue.ts';
import type { Change } from '../../store/commit.ts';
import type { Found } from '../../store/read.ts';
import { caughtUp } from '../../store/settle-account.ts';
import { actorOf, ownAccount } from './caller.ts';
import type { Desk } from './desk.ts';
import { holidaysUntilDataEnds } from '../../plans/holidays/holidays.ts';
import { Problem } from './problem.ts';
import type { Asked } from './ticket-command.ts';

/** A request, and whose units pay for it. */
export type OpenTicket = OpeningRequest & { readonly accountId: string };

/** What a quote and an opening are decided from: the account as it was read, if it is the caller's. */
export const openingContext = (
  desk: Desk,
  { caller, now }: Asked,
  accountId: string,
  found: Account | undefined,
): OpeningContext => {
  const account = ownAccount(caller, accountId, found);
  const plan = planOf(desk.catalogue, account);
  const programme = programmeOf(desk.catalogue, plan);
  return { account, plan, programme, actor: actorOf(caller), now, holidaysOf: holidaysUntilDataEnds };
};

/** The ticket, and what is to be written. Throws the Problem that stands against it. */
export const openTicket = async (
  desk: Desk,
  asked: Asked,
  found: Found,
  { accountId, ...request }: OpenTicket,
): Promise<{ ticket: Ticket; change: Change }> => {
  const account = ownAccount(asked.caller, accountId, found.account);
  const settled = await caughtUp(desk.table, account, (one) => planOf(desk.catalogue, one), asked.now);
  const context = openingContext(desk, asked, accountId, settled);
  const opening = open(context, request, `tkt_${asked.freshId()}`);
  if (!opening.ok) throw Problem.of(opening.refusal);
  const { ticket, events, account: after, entries } = opening;
  const change = {
    ticket: { after: ticket },
    events,
    entries,
    ...(after !== context.account && { account: { before: context.account, after } }),
  };
  return { ticket, change };
};
