/** Accounts and their units over HTTP. */
import type { Account } from '../../domain/account.ts';
import { purchase } from '../../domain/bookings.ts';
import type { Plan } from '../../domain/plan.ts';
import { isKnownRegion } from '../../plans/holidays/holidays.ts';
import { listLedger } from '../../store/lists.ts';
import { readTogether } from '../../store/read.ts';
import { actorOf, ownAccount } from './caller.ts';
import type { Call } from './call.ts';
import { type Desk, type Mutations, type Queries } from './desk.ts';
import { Problem } from './problem.ts';
import * as show from './show.ts';

/** The plan that an account is on. A plan that was withdrawn stays in the catalogue as long as an account is on it. */
export const planOf = ({ catalogue }: Desk, { planId }: Account): Plan => {
  const plan = catalogue.get(planId);
  if (!plan) throw new Error(`an account is on the plan ${planId}, which the catalogue does not have`);
  return plan;
};

/** The account that a call is about, if it is the caller's to see. */
const accountOf = async (
  desk: Desk,
  { caller, params }: Call<'getAccount' | 'getBalance' | 'getLedger'>,
): Promise<Account> => {
  const { account } = await readTogether(desk.table, { accountId: params.accountId });
  return ownAccount(caller, params.accountId, account);
};

export const accountQueries = {
  getAccount: async (desk, call) => show.showAccount(await accountOf(desk, call)),
  getBalance: async (desk, call) => {
    const account = await accountOf(desk, call);
    return show.showBalance(account, planOf(desk, account), call.now);
  },
  getLedger: async (desk, call) => {
    const { accountId } = await accountOf(desk, call);
    const { items, ...page } = await listLedger(desk.table, accountId, call.query);
    return { items: items.map(show.showLedgerEntry), ...page };
  },
} satisfies Partial<Queries>;

export const accountMutations = {
  createAccount: ({ catalogue }) => ({
    wants: () => ({}),
    decide: ({ body, now, freshId }) => {
      if (!catalogue.has(body.planId)) {
        throw new Problem('validation', `body.planId: there is no plan ${body.planId}.`, {
          plans: [...catalogue.keys()],
        });
      }
      if (!isKnownRegion(body.region)) {
        throw new Problem(
          'validation',
          `body.region: the holidays of ${body.region} are not known; say US, US-CA, GB, DE-BY, …`,
        );
      }
      const after: Account = { accountId: `acc_${freshId()}`, version: 1, ...body, lots: [], createdAt: now };
      return { change: { account: { after } }, body: show.showAccount(after) };
    },
  }),
  purchaseUnits: (desk) => ({
    wants: ({ params }) => ({ accountId: params.accountId }),
    decide: ({ caller, params, body, now, freshId }, found) => {
      const before = ownAccount(caller, params.accountId, found.account);
      const id = freshId();
      const bought = purchase(before, planOf(desk, before), { amount: body.amount, actor: actorOf(caller), now, id });
      if (!bought.ok) throw Problem.of(bought.refusal);
      const { account: after, entry, lot } = bought;
      return { change: { account: { before, after }, entries: [entry] }, body: show.showLot(lot) };
    },
  }),
} satisfies Partial<Mutations>;
