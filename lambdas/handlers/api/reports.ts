/** Explanations and service reports over HTTP. */
import { explain } from '../../domain/explanation.ts';
import { ruleBook } from '../../plans/rule-book.ts';
import { readTogether } from '../../store/read.ts';
import { timelineOf } from '../../store/timeline.ts';
import { ownTicket } from './caller.ts';
import type { Queries } from './desk.ts';

export const reportQueries = {
  explainTicket: async ({ table }, { caller, params }) => {
    const { ticket } = await readTogether(table, { ticketId: params.ticketId });
    const { ticketId } = ownTicket(caller, ticket);
    return explain(await timelineOf(table, ticketId), ruleBook);
  },
} satisfies Partial<Queries>;
