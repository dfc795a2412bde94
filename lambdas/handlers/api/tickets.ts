/** Tickets over HTTP: each handler reads, asks the rules, and shows what came of it. */
import { assess } from '../../domain/opening/opening.ts';
import { isMessageFor } from '../../domain/ticket/message.ts';
import { isForCustomers, isOnTimeline } from '../../domain/ticket/ticket-event.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import * as lists from '../../store/lists.ts';
import { readTogether } from '../../store/read.ts';
import { ownAccount, ownTicket } from '../commands/caller.ts';
import type { Desk } from '../commands/desk.ts';
import { openingContext, openTicket } from '../commands/open-ticket.ts';
import { postMessage } from '../commands/post-message.ts';
import { Problem, problemBody } from '../commands/problem.ts';
import type { Call } from './call.ts';
import type { Mutations, Queries } from './desk.ts';
import { showEvent, showMessage, showTicket } from './show.ts';

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
    const assessment = assess(openingContext(desk, call, call.body.accountId, account), call.body);
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
      items: items.filter((message) => isMessageFor(call.caller.role, message)).map(showMessage),
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
      const { change, ticket } = await openTicket(desk, call, found, call.body);
      return { change, body: showTicket(ticket) };
    },
  }),
  postMessage: (desk) => ({
    wants: ({ params }) => ({ ticketId: params.ticketId }),
    decide: async (call, found) => {
      const { change, message } = await postMessage(desk, call, found, call.body);
      return { change, body: message };
    },
  }),
} satisfies Partial<Mutations>;
