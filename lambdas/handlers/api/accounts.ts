/** Accounts and their units over HTTP. */
import type { Account, AccountDetails, Contact } from '../../domain/account/account.ts';
import { decideAccount, openAccount, type AccountCommand } from '../../domain/account/account-commands.ts';
import { settleAccount } from '../../domain/account/account-settle.ts';
import { benefitsOf } from '../../domain/account/benefits.ts';
import { purchase } from '../../domain/account/bookings.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { addOnsOf, planOf } from '../../plans/catalogue.ts';
import { regions } from '../../plans/holidays/holidays.ts';
import { mayBeIn } from '../../plans/places.ts';
import { readErasure } from '../../store/erasures.ts';
import { listAccounts, listAccountsOf, listHistory, listLedger } from '../../store/lists.ts';
import { readStops, readTogether, type Found } from '../../store/read.ts';
import { caughtUp, settleStoredAccount } from '../../store/settle-account.ts';
import { actorOf, ownAccount, type Caller } from '../commands/caller.ts';
import type { Desk } from '../commands/desk.ts';
import type { Mutations, Queries } from './desk.ts';
import type { Decided, Mutation } from './mutation.ts';
import { Problem } from '../commands/problem.ts';
import * as show from './show.ts';

interface AccountCall {
  readonly caller: Caller;
  readonly now: Instant;
  readonly params: { readonly accountId: string };
}

/** The account that a call is about, if it is the caller's to see, as it stands at the moment of the call. */
const accountOf = async (desk: Desk, { caller, params, now }: AccountCall): Promise<Account> => {
  const { account } = await readTogether(desk.table, { accountId: params.accountId });
  const own = ownAccount(caller, params.accountId, account);
  return settleAccount(own, planOf(desk.catalogue, own), now).account;
};

/** An account together with whether mail goes to its contacts. */
export const shown = async ({ table }: Desk, account: Account, now: Instant) =>
  show.showAccount(
    account,
    now,
    await readStops(
      table,
      account.contacts.map(({ email }) => email),
    ),
  );

export const shownBalance = ({ catalogue }: Desk, account: Account, now: Instant) => {
  const plan = planOf(catalogue, account);
  const addOns = addOnsOf(catalogue, plan).map(({ planId }) => planId);
  return show.showBalance(account, { unit: plan.unit, addOns }, now);
};

export const accountQueries = {
  listAccounts: async ({ table }, { query: { email, ...request } }) => {
    const { items, ...page } =
      email === undefined ? await listAccounts(table, request) : await listAccountsOf(table, email, request);
    return { items: items.map(show.showAccountSummary), ...page };
  },
  getAccount: async (desk, call) => shown(desk, await accountOf(desk, call), call.now),
  getBalance: async (desk, call) => {
    const account = await accountOf(desk, call);
    return shownBalance(desk, account, call.now);
  },
  getLedger: async (desk, call) => {
    const { accountId } = await accountOf(desk, call);
    // The ledger shows lines that are written: what time has caused is written first, as any command would.
    await settleStoredAccount(desk.table, accountId, (account) => planOf(desk.catalogue, account), call.now);
    const { items, ...page } = await listLedger(desk.table, accountId, call.query);
    return { items: items.map(show.showLedgerEntry), ...page };
  },
  getHistory: async (desk, call) => {
    const { accountId } = await accountOf(desk, call);
    const { items, ...page } = await listHistory(desk.table, accountId, call.query);
    return { items: items.map(show.showAccountEvent), ...page };
  },
  listBenefits: async (desk, call) => {
    const account = await accountOf(desk, call);
    return { items: benefitsOf(account, planOf(desk.catalogue, account), call.now) };
  },
  getRemoteAccess: async (desk, call) => show.showRemoteAccess(await accountOf(desk, call)),
} satisfies Partial<Queries>;

/** The caller's account as it was read, ready to be settled together with what the call writes. */
export const ready = async (desk: Desk, { caller, params, now }: AccountCall, found: Found): Promise<Account> => {
  const account = ownAccount(caller, params.accountId, found.account);
  return caughtUp(desk.table, account, (one) => planOf(desk.catalogue, one), now);
};

interface CommandCall<Body> extends AccountCall {
  readonly body: Body;
  readonly freshId: () => string;
}

/** What is recorded with an account names no other account's ticket: to this one it does not exist. */
const ticketOfAccount = ({ ticket }: Found, { accountId }: Account): void => {
  if (ticket?.accountId !== accountId) throw new Problem('not-found', 'The account has no such ticket.');
};

/** A command on an account: the body becomes a wish, the rules decide, and `answer` shows what came of it. */
const command =
  <Body>(
    wish: (body: Body, account: Account, desk: Desk) => AccountCommand,
    answer: (after: {
      account: Account;
      plan: Plan;
      now: Instant;
      body: Body;
      desk: Desk;
      events: Decided['change']['accountEvents'];
    }) => unknown,
    ticketIdOf: (body: Body) => string | undefined = () => undefined,
  ) =>
  (desk: Desk): Mutation<CommandCall<Body>> => ({
    wants: ({ params, body }) => ({ accountId: params.accountId, ticketId: ticketIdOf(body) }),
    decide: async (call, found) => {
      const { caller, body, now, freshId } = call;
      const before = await ready(desk, call, found);
      if (ticketIdOf(body) !== undefined) ticketOfAccount(found, before);
      const plan = planOf(desk.catalogue, before);
      const question = { account: before, plan, actor: actorOf(caller), now, id: freshId() };
      const decision = decideAccount(question, wish(body, before, desk));
      if (!decision.ok) throw Problem.of(decision.refusal);
      const { account: after, entries, events } = decision;
      return {
        change: { account: { before, after }, entries, accountEvents: events },
        body: await answer({ account: after, plan, now, body, desk, events }),
      };
    },
  });

/** What is sold to an account: its own plan, or an add-on of it. */
const soldPlan = ({ catalogue }: Desk, plan: Plan, addOn: string | undefined): Plan => {
  if (addOn === undefined) return plan;
  const addOns = addOnsOf(catalogue, plan);
  const sold = addOns.find(({ planId }) => planId === addOn);
  if (sold) return sold;
  throw new Problem('not-entitled', `The plan ${plan.name} has no add-on ${addOn}.`, {
    addOns: addOns.map(({ planId }) => planId),
  });
};

type FactsBody = Extract<AccountCommand, { type: 'record-facts' }>['facts'] & { renews?: boolean | undefined };

const checkRegion = ({ catalogue }: Desk, region: string, plan: Plan): void => {
  if (mayBeIn(region, plan, catalogue)) return;
  const sentence = `body.region: the public holidays of ${region} are not known; say US, US-CA, GB, DE-BY, …`;
  throw new Problem('validation', sentence, { regions: regions() });
};

const planNamed = ({ catalogue }: Desk, planId: string): Plan => {
  const plan = catalogue.get(planId);
  if (plan) return plan;
  throw new Problem('validation', `body.planId: there is no plan ${planId}.`, { plans: [...catalogue.keys()] });
};

export const accountMutations = {
  createAccount: (desk) => ({
    wants: () => ({}),
    decide: async ({ caller, body, now, freshId }) => {
      const { name, planId, timeZone, region, contacts, ...facts } = body;
      const plan = planNamed(desk, planId);
      checkRegion(desk, region, plan);
      const known = { name, planId, timeZone, region, contacts, ...(Object.keys(facts).length > 0 && { facts }) };
      const account: Account = { accountId: `acc_${freshId()}`, version: 1, ...known, lots: [], createdAt: now };
      const opened = openAccount(account, plan, actorOf(caller));
      if (!opened.ok) throw Problem.of(opened.refusal);
      const { account: after, entries } = opened;
      return { change: { account: { after }, entries }, body: await shown(desk, after, now) };
    },
  }),
  purchaseUnits: (desk) => ({
    wants: ({ params }) => ({ accountId: params.accountId }),
    decide: async (call, found) => {
      const { caller, body, now, freshId } = call;
      const before = await ready(desk, call, found);
      const plan = planOf(desk.catalogue, before);
      const settled = settleAccount(before, plan, now);
      const order = { amount: body.amount, actor: actorOf(caller), now, id: freshId() };
      const bought = purchase(settled.account, soldPlan(desk, plan, body.addOn), order);
      if (!bought.ok) throw Problem.of(bought.refusal);
      const { account: after, entry, lot } = bought;
      const entries = [...settled.entries, entry];
      return { change: { account: { before, after }, entries }, body: show.showLot(lot) };
    },
  }),
  recordFacts: command(
    ({ renews, ...facts }: FactsBody) => ({ type: 'record-facts', facts, renews }),
    ({ account, now, desk }) => shown(desk, account, now),
  ),
  setContact: (desk) => {
    const setting = command(
      (contact: Contact) => ({ type: 'set-contact', contact }),
      ({ account, now }) => shown(desk, account, now),
    )(desk);
    return {
      ...setting,
      decide: async (call, found) => {
        const decided = await setting.decide(call, found);
        // Read where the caller was found to be a manager and the account to be there, so that nobody else learns of it.
        if (!(await readErasure(desk.table, call.params.accountId, call.body.email))) return decided;
        throw new Problem('wrong-state', 'This address is being erased from the account: finish that first.');
      },
    };
  },
  changeDetails: command(
    (details: AccountDetails, account, desk) => {
      if (details.region !== undefined) checkRegion(desk, details.region, planOf(desk.catalogue, account));
      return { type: 'change-details', details };
    },
    ({ account, now, desk }) => shown(desk, account, now),
  ),
  changePlan: command(
    ({ planId }: { planId: string }, { region }, desk) => {
      const to = planNamed(desk, planId);
      if (mayBeIn(region, to, desk.catalogue)) return { type: 'change-plan', to };
      const sentence = `The plan ${to.name} counts by public holidays, and those of ${region} are not known: give the account another region first.`;
      throw new Problem('validation', sentence, { regions: regions() });
    },
    ({ account, now, desk }) => shown(desk, account, now),
  ),
  redeemBenefit: command(
    ({ benefit }: { benefit: string }) => ({ type: 'redeem-benefit', benefit }),
    ({ account, plan, now, body }) => benefitsOf(account, plan, now).find(({ benefit }) => benefit === body.benefit),
  ),
  setRemoteAccess: command(
    ({ granted, note }: { granted: boolean; note?: string | undefined }) => ({
      type: 'permit-remote-access',
      granted,
      note,
    }),
    ({ account }) => show.showRemoteAccess(account),
  ),
  recordRemoteSession: command(
    ({ purpose, ticketId }: { purpose: string; ticketId?: string | undefined }) => ({
      type: 'record-remote-session',
      purpose,
      ticketId,
    }),
    ({ events = [] }) => events.map(show.showAccountEvent)[0],
    ({ ticketId }) => ticketId,
  ),
} satisfies Partial<Mutations>;
