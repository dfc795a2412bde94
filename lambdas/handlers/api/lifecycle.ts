/** The lifecycle over HTTP: a body becomes a command, the rules decide, and the ticket is answered as it then stands. */
import type { FundedCommand, TicketCommand } from '../../domain/ticket/commands.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { quoteSplit, split, type SubordinateProblem } from '../../domain/ticket/split.ts';
import type { Found } from '../../store/read.ts';
import { unitsOf } from '../../store/units.ts';
import { planOf, programmeOf } from '../../plans/catalogue.ts';
import { actorOf, ownTicket, type Caller } from '../commands/caller.ts';
import type { Desk } from '../commands/desk.ts';
import { holidaysUntilDataEnds } from '../../plans/holidays/holidays.ts';
import { Problem } from '../commands/problem.ts';
import { accountAt, command, fundedCommand, type Commanded } from '../commands/ticket-command.ts';
import type { Call } from './call.ts';
import type { Mutations } from './desk.ts';
import type { Mutation } from './mutation.ts';
import { showTicket } from './show.ts';

interface TicketCall<Body> {
  readonly caller: Caller;
  readonly now: Instant;
  readonly params: { readonly ticketId: string };
  readonly body: Body;
}

const answering =
  <OneCall extends TicketCall<unknown>>(run: (desk: Desk, call: OneCall, found: Found) => Promise<Commanded>) =>
  (desk: Desk): Mutation<OneCall> => ({
    wants: ({ params }) => ({ ticketId: params.ticketId }),
    decide: async (call, found) => {
      const { after, change } = await run(desk, call, found);
      return { change, body: showTicket(after) };
    },
  });

const step = <Body>(wish: (body: Body) => TicketCommand) =>
  answering((desk, call: TicketCall<Body>, found) => command(desk, call, found, wish(call.body)));

const fundedStep = <Body>(wish: (body: Body) => FundedCommand) =>
  answering((desk, call: TicketCall<Body>, found) => fundedCommand(desk, call, found, wish(call.body)));

const splitTicket = answering(async (desk, call: Call<'splitTicket'>, found) => {
  const before = ownTicket(call.caller, found.ticket);
  const account = await accountAt(desk, before, call.now);
  const problems: readonly SubordinateProblem[] = call.body.problems;
  const actor = actorOf(call.caller);
  const plan = planOf(desk.catalogue, account);
  const programme = programmeOf(desk.catalogue, plan);
  const context = { account, plan, programme, actor, now: call.now, holidaysOf: holidaysUntilDataEnds };
  if (call.body.quoteOnly) {
    const quoted = quoteSplit(before, problems, context);
    if (!quoted.ok) throw Problem.of(quoted.refusal);
    const { ticket: after, events } = quoted;
    return {
      after,
      change: { ticket: { before, after }, events, ...(await unitsOf(desk.table, before, events, account)) },
    };
  }
  const done = split(
    before,
    problems,
    context,
    problems.map(() => `tkt_${call.freshId()}`),
  );
  if (!done.ok) throw Problem.of(done.refusal);
  const { ticket: after, events, opened, entries } = done;
  const units = done.account === account ? {} : { account: { before: account, after: done.account } };
  return { after, change: { ticket: { before, after }, events, opened, entries, ...units } };
});

const requestCallBack = answering((desk, call: Call<'requestCallBack'>, found) => {
  const { phone, ticketId } = call.body;
  if (ticketId !== undefined && ticketId !== call.params.ticketId) {
    throw new Problem('validation', 'body.ticketId: names another ticket than the path; leave it out.');
  }
  return command(desk, call, found, { type: 'call-back', phone });
});

export const lifecycleMutations = {
  assignTicket: step(({ engineer }: { engineer: string }) => ({ type: 'assign', engineer })),
  escalateTicket: step(({ reason }: { reason: string }) => ({ type: 'escalate', reason })),
  pauseTicket: step(({ reason }: { reason: string }) => ({ type: 'pause', reason })),
  planTicket: step((body: { summary: string; expectedBy: Instant }) => ({ type: 'plan', ...body })),
  resolveTicket: step(({ summary }: { summary: string }) => ({ type: 'resolve', summary })),
  closeTicket: step(() => ({ type: 'close' })),
  reopenTicket: step(({ sameProblem }: { sameProblem: boolean }) => ({ type: 'reopen', sameProblem })),
  rateTicket: step((body: { score: number; comment?: string | undefined }) => ({ type: 'rate', ...body })),
  requestCallBack,
  reprioritizeTicket: fundedStep((body: Call<'reprioritizeTicket'>['body']) => ({ type: 'reprioritize', ...body })),
  classifyTicket: fundedStep((body: Call<'classifyTicket'>['body']) => ({ type: 'classify', ...body })),
  splitTicket,
} satisfies Partial<Mutations>;
