/**
 * Single mistakes that would break a promise of the desk, each an exact replacement of text that stands once in its file, and what is to
 * catch it: tests, or a short simulation. The trap: a mutation that no longer applies proves nothing, so it is an error.
 */
export type Check =
  /** Files of pure tests and of the store's, and of what has to be in a test's name. */
  | { readonly by: 'tests'; readonly files: readonly string[] }
  /** Files of tests that use a desk. */
  | { readonly by: 'desk tests'; readonly files: readonly string[]; readonly named: string }
  | { readonly by: 'simulation'; readonly args: readonly string[] };

export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  readonly caughtBy: Check;
}

const tests = (...files: string[]): Check => ({ by: 'tests', files });
const deskTests = (file: string, named: string): Check => ({ by: 'desk tests', files: [file], named });
/** The store on the engine that comes with the desk. */
const STORE = deskTests('test/store/store.test.ts', 'the store on dynoxide');
/** A day of a few tickets, in which nothing goes wrong but what is wrong. */
const A_DAY: Check = { by: 'simulation', args: ['--seed', '1', '--tickets', '20', '--days', '1'] };
/** Two days in which clocks die, calls fail, and all else that happens in production. */
const A_BAD_DAY: Check = { by: 'simulation', args: ['--seed', '1', '--tickets', '20', '--days', '2', '--faults'] };

export const mutations: readonly Mutation[] = [
  {
    name: 'write a ticket whatever its version',
    file: 'lambdas/store/commit.ts',
    find: `      ConditionExpression: '#version = :before',
      ExpressionAttributeNames: {
        ...Object`,
    put: `      ConditionExpression: '#version = :before OR attribute_exists(pk)',
      ExpressionAttributeNames: {
        ...Object`,
    caughtBy: STORE,
  },
  {
    name: 'write an account whatever its version',
    file: 'lambdas/store/commit.ts',
    find: `    ConditionExpression: '#version = :before',
    ExpressionAttributeNames: { '#version'`,
    put: `    ConditionExpression: '#version = :before OR attribute_exists(pk)',
    ExpressionAttributeNames: { '#version'`,
    caughtBy: STORE,
  },
  {
    name: 'write an entry, an event or an answer over one that is there',
    file: 'lambdas/store/commit.ts',
    find: `ConditionExpression: 'attribute_not_exists(pk)' } });`,
    put: `ConditionExpression: 'attribute_not_exists(pk) OR attribute_exists(pk)' } });`,
    caughtBy: STORE,
  },
  {
    name: 'name a credit by its account’s version, not by its miss',
    file: 'lambdas/domain/account/bookings.ts',
    find: "const id = `${event.ticketId.slice('tkt_'.length)}-${String(event.seq)}`;",
    put: "const id = `${event.ticketId.slice('tkt_'.length)}-${String(account.version)}`;",
    caughtBy: STORE,
  },
  {
    name: 'lose the parked token with every write of the ticket',
    file: 'lambdas/store/commit.ts',
    find: '    [keys.QUEUE_INDEX.pk]: undefined,\n',
    put: '    [keys.QUEUE_INDEX.pk]: undefined,\n    waitToken: undefined,\n',
    caughtBy: STORE,
  },
  {
    name: 'retry a wait that timed out',
    file: 'lib/workflow-definition.ts',
    find: `Retry: [neverRetry(STALE, TICKET_CLOSED), backOff(['States.TaskFailed'], 6)],`,
    put: `Retry: [neverRetry(STALE, TICKET_CLOSED), backOff(['States.ALL'], 6)],`,
    caughtBy: A_DAY,
  },
  {
    name: 'decide a command before what time has caused is settled',
    file: 'lambdas/domain/ticket/commands.ts',
    find: 'const settled = settle(ticket, at);\n  const decided',
    put: 'const settled: Unfolding = { ticket, events: [] };\n  const decided',
    caughtBy: tests('test/domain/commands.test.ts'),
  },
  {
    name: 'miss a deadline at its very moment',
    file: 'lambdas/domain/ticket/settle.ts',
    find: 'due && due.at < now;',
    put: 'due && due.at <= now;',
    caughtBy: tests('test/domain/settle.test.ts'),
  },
  {
    name: 'credit with every miss what was credited before',
    file: 'lambdas/domain/ticket/settle.ts',
    find: '? ticket.charge.amount - ticket.credited',
    put: '? ticket.charge.amount',
    caughtBy: tests('test/domain/settle.test.ts'),
  },
  {
    name: 'credit a miss where the plan gives nothing back',
    file: 'lambdas/domain/ticket/charge.ts',
    find: 'target.guaranteed !== false && ticket.terms.makeGood.includes(makeGoodKind(target.kind))',
    put: 'target.guaranteed !== false && makeGoodKind(target.kind) !== undefined',
    caughtBy: tests('test/domain/settle.test.ts'),
  },
  {
    name: 'draw the lots first that expire last',
    file: 'lambdas/domain/account/ledger.ts',
    find: "compare(a.expiresAt ?? '~', b.expiresAt ?? '~')",
    put: "compare(b.expiresAt ?? '~', a.expiresAt ?? '~')",
    caughtBy: tests('test/domain/ledger.prop.test.ts'),
  },
  {
    name: 'ignore the idempotency key',
    file: 'lambdas/handlers/api/mutation.ts',
    find: 'const asked = key === undefined ? undefined : { caller: caller.id, key, now };',
    put: "const asked = key === undefined || key !== '' ? undefined : { caller: caller.id, key, now };",
    caughtBy: deskTests('test/handlers/repeats.test.ts', 'gives the same answer for the same body'),
  },
  {
    name: 'take a batch for dispatched of which a record failed',
    file: 'lambdas/handlers/dispatch.lambda.ts',
    find: '  if (!failed) return',
    put: '  if (!failed || Records.length > 0) return',
    caughtBy: deskTests('test/workflow/faults.test.ts', 'names the record that could not be dispatched'),
  },
  {
    name: 'never wake a clock whose deadline has moved',
    file: 'lambdas/handlers/clock.ts',
    find: '(!wait.open || parked.until !== (wait.deadlineAt ?? NO_DEADLINE))',
    put: '!wait.open',
    caughtBy: A_DAY,
  },
  {
    name: 'never replace a clock that died',
    file: 'lambdas/handlers/sweep.lambda.ts',
    find: '!wait?.open || wait.generation > generation)',
    put: '!wait?.open || wait.generation > generation || livedMillis > 0)',
    caughtBy: A_BAD_DAY,
  },
  {
    name: 'send a letter and write nothing down',
    file: 'lambdas/handlers/mail/post.ts',
    find: "    await recordMail(table, { cause, to, at: now, sesMessageId: MessageId ?? '', ticketId });\n",
    put: "    if (MessageId === '') await recordMail(table, { cause, to, at: now, sesMessageId: MessageId, ticketId });\n",
    caughtBy: A_DAY,
  },
  {
    name: 'let the clock of a resolved ticket close it a day early',
    file: 'lambdas/domain/ticket/targets.ts',
    find: 'export const AUTO_CLOSE_DAYS = 7;',
    put: 'export const AUTO_CLOSE_DAYS = 6;',
    caughtBy: tests('test/domain/settle.test.ts'),
  },
  {
    name: 'tell engineers of what they did themselves',
    file: 'lambdas/domain/mail/part.ts',
    find: '...(actor.email === undefined ? [] : [actor.email])',
    put: '...(actor.email === undefined ? [actor.role] : [])',
    caughtBy: deskTests('test/handlers/mail/engineer-letters.test.ts', 'is no news to who opened it'),
  },
  {
    name: 'tell the tier that missed an answer that it has the ticket now',
    file: 'lambdas/handlers/mail/engineer-words.ts',
    find: 'const to = isMiss ? event.escalatesTo : event.to;',
    put: 'const to = isMiss ? event.tier : event.to;',
    caughtBy: A_DAY,
  },
  {
    name: 'send a letter that another run is sending',
    file: 'lambdas/store/mails.ts',
    find: 'export const HELD_SECONDS = 50;',
    put: 'export const HELD_SECONDS = 0;',
    caughtBy: deskTests('test/handlers/mail/post.test.ts', 'dynoxide'),
  },
];
