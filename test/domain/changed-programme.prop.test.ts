/** Plans whose terms and grants change again and again under an account that goes from one to another: it is always served on. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideAccount, openAccount } from '../../lambdas/domain/account/account-commands.ts';
import { settleAccount } from '../../lambdas/domain/account/account-settle.ts';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import { accountOn, manager, planNamed } from '../support/records.ts';

const DAY = 86_400_000;
const START = Date.parse('2024-01-31T22:15:00.000Z');
const source = 'severity-support-levels';
/** The most days that a term of each length has. */
const DAYS = { P30D: 30, P1M: 31, P6M: 184, P1Y: 366 };
type Length = keyof typeof DAYS;
const lengths = Object.keys(DAYS) as Length[];
const NAMES = ['one', 'other'] as const;

interface Edition {
  readonly length?: Length | undefined;
  readonly units: number;
  readonly allowance: number;
}
const edition: fc.Arbitrary<Edition> = fc.record({
  length: fc.option(fc.constantFrom(...lengths), { nil: undefined }),
  units: fc.integer({ min: 0, max: 9 }),
  allowance: fc.integer({ min: 0, max: 5 }),
});

const planOf = (planId: string, { length, units, allowance }: Edition): Plan => {
  const { term: _none, ...plan } = planNamed('severity-professional');
  return {
    ...{ ...plan, planId },
    ...(length && { term: { length, source } }),
    grants: [
      ...(length && units > 0 ? [{ on: 'term' as const, amount: units, source }] : []),
      ...(allowance > 0 ? [{ on: 'calendar-month' as const, amount: allowance, zone: 'customer', source }] : []),
    ],
  };
};

const step = fc.record({
  wait: fc.integer({ min: 1, max: 300 * DAY }),
  changed: fc.constantFrom(...NAMES),
  to: fc.option(edition, { nil: undefined }),
  goesOver: fc.boolean(),
});

it('names every line of the ledger anew, and lets no term be longer than its plan says', () => {
  fc.assert(
    fc.property(edition, edition, fc.array(step, { maxLength: 10 }), (first, second, steps) => {
      const plans = { one: planOf('one', first), other: planOf('other', second) };
      const opened = openAccount(accountOn('one', { createdAt: new Date(START).toISOString() }), plans.one, manager);
      if (!opened.ok) throw new Error(opened.refusal.message);
      let { account } = opened;
      const names = opened.entries.map(({ entryId }) => entryId);
      let at = START;
      for (const [nth, { wait, changed, to, goesOver }] of steps.entries()) {
        at += wait;
        const now = new Date(at).toISOString();
        if (to) plans[changed] = planOf(changed, to);
        const plan = account.planId === 'one' ? plans.one : plans.other;
        const target = account.planId === 'one' ? plans.other : plans.one;
        const settled = settleAccount(account, plan, now);
        const question = { account: settled.account, plan, actor: manager, now, id: String(nth) };
        const gone = goesOver ? decideAccount(question, { type: 'change-plan', to: target }) : { ok: false as const };
        account = gone.ok ? gone.account : settled.account;
        names.push(...[...settled.entries, ...(gone.ok ? gone.entries : [])].map(({ entryId }) => entryId));
        const length = (gone.ok ? target : plan).term?.length as Length | undefined;
        // A change of length counts from the end of the term that runs.
        const running = settleAccount(account, gone.ok ? target : plan, new Date(at + 400 * DAY).toISOString()).account;
        const ends = Date.parse(running.subscription?.endsAt ?? now);
        if (length) expect(ends).toBeLessThanOrEqual(at + (400 + DAYS[length] + 4) * DAY);
      }
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 100 },
  );
});
