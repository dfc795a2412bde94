/** Tickets over HTTP: each handler reads, asks the rules, and shows what came of it. */
import type { Account } from '../../domain/account.ts';
import { decide, type TicketCommand } from '../../domain/commands.ts';
import type { Instant } from '../../domain/instant.ts';
import { assess, open, type OpeningContext } from '../../domain/opening.ts';
import { isForCustomers } from '../../domain/ticket-event.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { programmeOf } from '../../plans/catalogue.ts';
import { holidaysOf, holidayYears } from '../../plans/holidays/holidays.ts';
import * as lists from '../../store/lists.ts';
import { readTogether, type Found } from '../../store/read.ts';
import { caughtUp } from '../../store/settle-account.ts';
import { creditsOf } from '../../store/settle-ticket.ts';
import { planOf } from './accounts.ts';
import { actorOf, ownAccount, ownTicket, type Caller } from './caller.ts';
import type { Call } from './call.ts';
import { type Desk, type Mutations, type Queries } from './desk.ts';
import type { Decided, Mutation } from './mutation.ts';
import { Problem, problemBody } from './problem.ts';
import { showEvent, showTicket } from './show.ts';

/** A ticket opened in the last years of the holiday data carries what is known. */
const holidaysUpTo: OpeningContext['holidaysOf'] = (region, from, to) =>
  holidaysOf(region, from, Math.min(to, holidayYears.last));

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

/** Asks the rules for one command on the ticket that was read. */
const command = async (
  { table }: Desk,
  call: { caller: Caller; now: string },
  found: Found,
  wish: TicketCommand,
): Promise<{ after: Ticket; change: Decided['change'] }> => {
  const before = ownTicket(call.caller, found.ticket);
  const decision = decide(before, wish, actorOf(call.caller), call.now);
  if (!decision.ok) throw Problem.of(decision.refusal);
  const { ticket: after, events } = decision;
  const credits = await creditsOf(table, before.accountId, events);
  return { after, change: { ticket: { before, after }, events, ...credits } };
};

interface TicketCall<Body> {
  readonly caller: Caller;
  readonly now: Instant;
  readonly params: { readonly ticketId: string };
  readonly body: Body;
}

/** A step of the lifecycle: the body becomes a command, and the ticket is answered as it then stands. */
const lifecycle =
  <Body>(wish: (body: Body) => TicketCommand) =>
  (desk: Desk): Mutation<TicketCall<Body>> => ({
    wants: ({ params }) => ({ ticketId: params.ticketId }),
    decide: async (call, found) => {
      const { after, change } = await command(desk, call, found, wish(call.body));
      return { change, body: showTicket(after) };
    },
  });

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
    const visible = items.filter((event) => call.caller.role !== 'customer' || isForCustomers(event));
    return { items: visible.map(showEvent), ...page };
  },
  listMessages: async (desk, call) => {
    const { ticketId } = await ticketOf(desk, call);
    const { items, ...page } = await lists.listMessages(desk.table, ticketId, call.query);
    return {
      items: items.filter(({ visibility }) => call.caller.role !== 'customer' || visibility === 'public'),
      ...page,
    };
  },
  listQueue: async ({ table }, { params, query }) => {
    const { items, ...page } = await lists.listQueue(table, params.tier, query);
    return { items: items.map(showTicket), ...page };
  },
} satisfies Partial<Queries>;

export const ticketMutations = {
  openTicket: (desk) => ({
    wants: ({ body }) => ({ accountId: body.accountId }),
    decide: async (call, found) => {
      const account = ownAccount(call.caller, call.body.accountId, found.account);
      const context = contextOf(desk, call, await caughtUp(desk.table, account, (one) => planOf(desk, one), call.now));
      const opening = open(context, call.body, `tkt_${call.freshId()}`);
      if (!opening.ok) throw Problem.of(opening.refusal);
      const { ticket, events, account: after, entries } = opening;
      const change = {
        ticket: { after: ticket },
        events,
        entries,
        ...(after !== context.account && { account: { before: context.account, after } }),
      };
      return { change, body: showTicket(ticket) };
    },
  }),
  postMessage: (desk) => ({
    wants: ({ params }) => ({ ticketId: params.ticketId }),
    decide: async (call, found) => {
      const { body, visibility } = call.body;
      const messageId = `msg_${call.freshId()}`;
      const { change } = await command(desk, call, found, { type: 'post-message', messageId, visibility });
      const event = change.events?.find((one) => one.type === 'message' && one.messageId === messageId);
      if (!event) throw new Error('a message that was taken has its event');
      const { ticketId, seq, at, actor: author } = event;
      const message = { messageId, ticketId, seq, at, author, visibility, body };
      return { change: { ...change, messages: [message] }, body: message };
    },
  }),
  pauseTicket: lifecycle(({ reason }: { reason: string }) => ({ type: 'pause', reason })),
  planTicket: lifecycle(({ summary, expectedBy }: { summary: string; expectedBy: Instant }) => ({
    type: 'plan',
    summary,
    expectedBy,
  })),
  resolveTicket: lifecycle(({ summary }: { summary: string }) => ({ type: 'resolve', summary })),
  closeTicket: lifecycle(() => ({ type: 'close' })),
} satisfies Partial<Mutations>;
