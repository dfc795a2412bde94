/** Tickets over HTTP: each handler reads, asks the rules, and shows what came of it. */
import type { Account } from '../../domain/account/account.ts';
import { assess, open, type OpeningContext } from '../../domain/opening/opening.ts';
import type { PostMessage } from '../../domain/ticket/command-answer.ts';
import { isForCustomers, isOnTimeline } from '../../domain/ticket/ticket-event.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { programmeOf } from '../../plans/catalogue.ts';
import * as lists from '../../store/lists.ts';
import { readTogether, type Found } from '../../store/read.ts';
import { caughtUp } from '../../store/settle-account.ts';
import { planOf } from './accounts.ts';
import { actorOf, ownAccount, ownTicket } from './caller.ts';
import type { Call } from './call.ts';
import { type Desk, type Mutations, type Queries } from './desk.ts';
import { holidaysUpTo } from './known-holidays.ts';
import { command } from './lifecycle.ts';
import { Problem, problemBody } from './problem.ts';
import { showEvent, showMessage, showTicket } from './show.ts';

const contextOf = (
  desk: Desk,
  { caller, body, now }: Call<'openTicket' | 'quoteTicket'>,
  found?: Account,
): OpeningContext => {
  const account = ownAccount(caller, body.accountId, found);
  const plan = planOf(desk, account);
  const programme = programmeOf(desk.catalogue, plan);
  return { account, plan, programme, actor: actorOf(caller), now, holidaysOf: holidaysUpTo };
};

const ticketOf = async (
  { table }: Desk,
  { caller, params }: Call<'getTicket' | 'getTimeline' | 'listMessages'>,
): Promise<Ticket> => {
  const { ticket } = await readTogether(table, { ticketId: params.ticketId });
  return ownTicket(caller, ticket);
};

export const ticketQueries = {
  quoteTicket: async (desk, call) => {
    const { account } = await readTogether(desk.table, { accountId: call.body.accountId });
    const assessment = assess(contextOf(desk, call, account), call.body);
    if (!assessment.ok) throw Problem.of(assessment.refusal);
    const { offer, refusal } = assessment;
    return {
      priority: offer.priority,
      charge: offer.charge,
      targets: offer.deadlines,
      ...(refusal && { refusal: problemBody(Problem.of(refusal)) }),
    };
  },
  listTickets: async ({ table }, { caller, query }) => {
    const accountId = query.accountId ?? caller.accountId;
    if (accountId === undefined) throw new Problem('validation', 'query.accountId: say whose tickets.');
    const { account } = await readTogether(table, { accountId });
    ownAccount(caller, accountId, account);
    const { items, ...page } = await lists.listTickets(table, accountId, query);
    return { items: items.map(showTicket), ...page };
  },
  getTicket: async (desk, call) => showTicket(await ticketOf(desk, call)),
  getTimeline: async (desk, call) => {
    const { ticketId } = await ticketOf(desk, call);
    const { items, ...page } = await lists.listEvents(desk.table, ticketId, call.query);
    const visible = items.filter(call.caller.role === 'customer' ? isForCustomers : isOnTimeline);
    return { items: visible.map(showEvent), ...page };
  },
  listMessages: async (desk, call) => {
    const { ticketId } = await ticketOf(desk, call);
    const { items, ...page } = await lists.listMessages(desk.table, ticketId, call.query);
    return {
      items: items
        .filter(({ visibility }) => call.caller.role !== 'customer' || visibility === 'public')
        .map(showMessage),
      ...page,
    };
  },
  listQueue: async ({ table }, { params, query }) => {
    const { items, ...page } = await lists.listQueue(table, params.tier, query);
    return { items: items.map(showTicket), ...page };
  },
} satisfies Partial<Queries>;

/** Opens a ticket for the call's account. `copied`: addresses that were written to along with the desk. */
export const openFor = async (desk: Desk, call: Call<'openTicket'>, found: Found, copied: readonly string[] = []) => {
  const account = ownAccount(call.caller, call.body.accountId, found.account);
  const context = contextOf(desk, call, await caughtUp(desk.table, account, (one) => planOf(desk, one), call.now));
  const opening = open(context, { ...call.body, copied }, `tkt_${call.freshId()}`);
  if (!opening.ok) throw Problem.of(opening.refusal);
  const { ticket, events, account: after, entries } = opening;
  const change = {
    ticket: { after: ticket },
    events,
    entries,
    ...(after !== context.account && { account: { before: context.account, after } }),
  };
  return { change, body: showTicket(ticket) };
};

/** What comes with a message beside its words: see `PostMessage`. */
type Beside = Pick<PostMessage, 'followers' | 'sameProblem'>;

/** Writes a message on the ticket that was read. */
export const writeMessage = async (desk: Desk, call: Call<'postMessage'>, found: Found, beside: Beside = {}) => {
  const { body, visibility, automatic, calledBack } = call.body;
  const messageId = `msg_${call.freshId()}`;
  const wish = { type: 'post-message', messageId, visibility, automatic, calledBack, ...beside } as const;
  const { change } = await command(desk, call, found, wish);
  const event = change.events?.find((one) => one.type === 'message' && one.messageId === messageId);
  if (!event) throw new Error('a message that was taken has its event');
  const { ticketId, seq, at, actor: author } = event;
  const message = { messageId, ticketId, seq, at, author, visibility, body, attachments: [] };
  return { change: { ...change, messages: [message] }, body: message };
};

export const ticketMutations = {
  openTicket: (desk) => ({
    wants: ({ body }) => ({ accountId: body.accountId }),
    decide: (call, found) => openFor(desk, call, found),
  }),
  postMessage: (desk) => ({
    wants: ({ params }) => ({ ticketId: params.ticketId }),
    decide: (call, found) => writeMessage(desk, call, found),
  }),
} satisfies Partial<Mutations>;
