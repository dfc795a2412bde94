/** The lifecycle over HTTP: a body becomes a command, the rules decide, and the ticket is answered as it then stands. */
import { decide, decideFunded, type FundedCommand, type TicketCommand } from '../../domain/ticket/commands.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { quoteSplit, split, type Problem as SubordinateProblem } from '../../domain/ticket/split.ts';
import type { Account } from '../../domain/account/account.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { Found } from '../../store/read.ts';
import { settleStoredAccount } from '../../store/settle-account.ts';
import { unitsOf } from '../../store/settle-ticket.ts';
import { programmeOf } from '../../plans/catalogue.ts';
import { planOf } from './accounts.ts';
import { actorOf, ownTicket, type Caller } from './caller.ts';
import type { Call } from './call.ts';
import type { Desk, Mutations } from './desk.ts';
import { holidaysUpTo } from './known-holidays.ts';
import type { Decided, Mutation } from './mutation.ts';
import { Problem } from './problem.ts';
import { showTicket } from './show.ts';

type Change = Decided['change'];

/** Asks the rules for one command on the ticket that was read. */
export const command = async (
  { table }: Desk,
  call: { caller: Caller; now: Instant },
  found: Found,
  wish: TicketCommand,
): Promise<{ after: Ticket; change: Change }> => {
  const before = ownTicket(call.caller, found.ticket);
  const decision = decide(before, wish, actorOf(call.caller), call.now);
  if (!decision.ok) throw Problem.of(decision.refusal);
  const { ticket: after, events } = decision;
  return { after, change: { ticket: { before, after }, events, ...(await unitsOf(table, before, events)) } };
};

/** The ticket's account with the units that time has brought and taken: a command that spends must find them. */
const accountAt = async (desk: Desk, { accountId }: Ticket, now: Instant): Promise<Account> => {
  const account = await settleStoredAccount(desk.table, accountId, (one) => planOf(desk, one), now);
  if (!account) throw new Error(`the account ${accountId} of a ticket is gone`);
  return account;
};

/** The same for a command that may move units: what it takes was decided on the very account that is written. */
const fundedCommand = async (
  desk: Desk,
  call: { caller: Caller; now: Instant },
  found: Found,
  wish: FundedCommand,
): Promise<{ after: Ticket; change: Change }> => {
  const before = ownTicket(call.caller, found.ticket);
  const account = await accountAt(desk, before, call.now);
  const plan = desk.catalogue.get(before.terms.planId);
  const funds = { account, priorities: plan?.priorities ?? [before.priority], plan };
  const decision = decideFunded(before, wish, { actor: actorOf(call.caller), now: call.now, funds });
  if (!decision.ok) throw Problem.of(decision.refusal);
  const { ticket: after, events } = decision;
  return {
    after,
    change: { ticket: { before, after }, events, ...(await unitsOf(desk.table, before, events, account)) },
  };
};

interface TicketCall<Body> {
  readonly caller: Caller;
  readonly now: Instant;
  readonly params: { readonly ticketId: string };
  readonly body: Body;
}

const answering =
  <OneCall extends TicketCall<unknown>>(
    run: (desk: Desk, call: OneCall, found: Found) => Promise<{ after: Ticket; change: Change }>,
  ) =>
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
  const plan = planOf(desk, account);
  const programme = programmeOf(desk.catalogue, plan);
  const context = { account, plan, programme, actor, now: call.now, holidaysOf: holidaysUpTo };
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
