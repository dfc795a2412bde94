/**
 * What people ask of an account beside buying units and opening tickets. Each command first settles what the passing of time
 * caused; then it changes the account together with the line of its history, or says why not.
 */
import { contactWith, MOST_CONTACTS, type Account, type AccountDetails, type Contact } from './account.ts';
import type { AccountEvent } from './account-event.ts';
import type { AccountFacts } from './account-facts.ts';
import { grantRule, grantUnits, idOf, settleAccount, type AccountUnfolding } from './account-settle.ts';
import { redeem } from './benefits.ts';
import { addOnRefusal, changePlan, changeZone } from './plan-change.ts';
import type { Instant } from '../time/instant.ts';
import { addPeriods } from '../time/periods.ts';
import type { Plan } from '../plan/plan.ts';
import { refuse, type Refusal } from '../refusal.ts';
import type { Actor } from '../vocabulary.ts';

export type AccountCommand =
  | {
      readonly type: 'record-facts';
      readonly facts: AccountFacts;
      /** Whether another term follows the running one; after the end of a term, `true` begins a new one. */
      readonly renews?: boolean | undefined;
    }
  /** Adds a contact, or gives the one with this address another name or role. */
  | { readonly type: 'set-contact'; readonly contact: Contact }
  | { readonly type: 'change-details'; readonly details: AccountDetails }
  | { readonly type: 'change-plan'; readonly to: Plan }
  | { readonly type: 'redeem-benefit'; readonly benefit: string }
  | { readonly type: 'permit-remote-access'; readonly granted: boolean; readonly note?: string | undefined }
  | { readonly type: 'record-remote-session'; readonly purpose: string; readonly ticketId?: string | undefined };

export interface AccountQuestion {
  readonly account: Account;
  readonly plan: Plan;
  readonly actor: Actor;
  readonly now: Instant;
  /** The id of the history's line. */
  readonly id: string;
}

export type AccountDecision =
  | (AccountUnfolding & { readonly ok: true; readonly events: readonly AccountEvent[] })
  | { readonly ok: false; readonly refusal: Refusal };

/** Points that come with the first edition of the product that an account buys, once (rule SX-09). */
const welcome = (account: Account, plan: Plan, actor: Actor, now: Instant): AccountUnfolding => {
  const rule = grantRule(plan, 'first-edition');
  const edition = account.facts?.edition;
  if (!rule || edition === undefined || !rule.editions.includes(edition) || account.firstEditionAt !== undefined) {
    return { account, entries: [] };
  }
  const grant = {
    ...{ id: `${idOf(account)}-first-edition`, amount: rule.amount, unit: plan.unit, at: now, actor },
    expiresAt: addPeriods(now, rule.validFor, 1, account.timeZone),
    reason: `with the first edition, ${edition}`,
  };
  return grantUnits({ ...account, firstEditionAt: now }, grant, now);
};

/** Whether a customer of this class may subscribe to the plan (rule LX-01). */
const classRefusal = (plan: Plan, { customerClass }: AccountFacts): Refusal | undefined =>
  customerClass === undefined || (plan.customerClasses?.includes(customerClass) ?? true)
    ? undefined
    : refuse('not-entitled', `The plan ${plan.name} is not for ${customerClass} customers.`, {
        customerClasses: plan.customerClasses,
      }).refusal;

/** A new account with what comes with its plan from the first moment, or why there can't be one. */
export const openAccount = (
  account: Account,
  plan: Plan,
  actor: Actor,
): ({ readonly ok: true } & AccountUnfolding) | { readonly ok: false; readonly refusal: Refusal } => {
  const refusal = addOnRefusal(plan) ?? classRefusal(plan, account.facts ?? {});
  if (refusal) return { ok: false, refusal };
  const settled = settleAccount(account, plan, account.createdAt);
  const welcomed = welcome(settled.account, plan, actor, account.createdAt);
  return { ok: true, account: welcomed.account, entries: [...settled.entries, ...welcomed.entries] };
};

/**
 * What a command does to a settled account, before its version rises; `units` are lines of the ledger beyond the settled ones, and there is
 * no event where everything is already as it was to be.
 */
type Answer =
  | { ok: true; account: Account; event?: AccountEvent; units?: AccountUnfolding['entries'] }
  | { ok: false; refusal: Refusal };

const about = ({ account, actor, now, id }: AccountQuestion) => ({
  recordId: `rec_${id}`,
  accountId: account.accountId,
  at: now,
  actor,
});

/** The term after a change of mind: ended at its end, taken up again, or begun anew where it had run out. */
const renewing = ({ account, plan, now }: AccountQuestion, renews: boolean): AccountUnfolding => {
  const { subscription, ...rest } = account;
  if (!subscription) return { account, entries: [] };
  if (!renews || now < subscription.endsAt) {
    return { account: { ...account, subscription: { ...subscription, renews } }, entries: [] };
  }
  return settleAccount(rest, plan, now);
};

const recordFacts = (
  question: AccountQuestion,
  { facts, renews }: Extract<AccountCommand, { type: 'record-facts' }>,
): Answer => {
  const { account, plan, actor, now } = question;
  // A term that ended before its plan lost them is taken up again, as one without an end.
  const takesUp = renews === true && account.subscription?.renews === false;
  if (renews !== undefined && !plan.term && !takesUp) {
    return refuse('validation', `The plan ${plan.name} has no terms that could be renewed.`);
  }
  const refusal = classRefusal(plan, facts);
  if (refusal) return { ok: false, refusal };
  const known = { ...account, facts: { ...account.facts, ...facts } };
  const termed =
    renews === undefined ? { account: known, entries: [] } : renewing({ ...question, account: known }, renews);
  const welcomed = welcome(termed.account, plan, actor, now);
  return {
    ok: true,
    account: welcomed.account,
    units: [...termed.entries, ...welcomed.entries],
    event: { type: 'facts-recorded', ...about(question), facts, ...(renews !== undefined && { renews }) },
  };
};

const setContact = (question: AccountQuestion, contact: Contact): Answer => {
  const { account } = question;
  const before = contactWith(account, contact.email);
  if (before?.name === contact.name && before.role === contact.role) return { ok: true, account };
  if (!before && account.contacts.length >= MOST_CONTACTS) {
    return refuse('validation', `An account has at most ${String(MOST_CONTACTS)} contacts.`, { most: MOST_CONTACTS });
  }
  const contacts = before
    ? account.contacts.map((one) => (one === before ? contact : one))
    : [...account.contacts, contact];
  return {
    ok: true,
    account: { ...account, contacts },
    event: { type: 'contact-set', ...about(question), contact, ...(before && { before }) },
  };
};

const changeDetails = (question: AccountQuestion, details: AccountDetails): Answer => {
  const { account, plan, now } = question;
  const { name = account.name, timeZone = account.timeZone, region = account.region } = details;
  const wanted = { name, timeZone, region };
  const changed = (Object.keys(wanted) as (keyof AccountDetails)[]).filter((one) => wanted[one] !== account[one]);
  if (changed.length === 0) return { ok: true, account };
  const only = (all: AccountDetails): AccountDetails => Object.fromEntries(changed.map((one) => [one, all[one]]));
  return {
    ok: true,
    account: { ...changeZone(account, plan, timeZone, now), name, region },
    event: { type: 'details-changed', ...about(question), details: only(wanted), before: only(account) },
  };
};

const goOver = (question: AccountQuestion, to: Plan): Answer => {
  const { account, plan: from } = question;
  if (to.planId === from.planId) return { ok: true, account };
  const refusal = classRefusal(to, account.facts ?? {});
  if (refusal) return { ok: false, refusal };
  const changed = changePlan(account, from, to, question);
  if (!changed.ok) return changed;
  return {
    ok: true,
    account: changed.account,
    units: changed.entries,
    event: { type: 'plan-changed', ...about(question), planId: to.planId, before: from.planId },
  };
};

const redeemBenefit = (question: AccountQuestion, benefit: string): Answer => {
  const { account, plan, now } = question;
  const redeemed = redeem(account, plan, benefit, now);
  return redeemed.ok
    ? { ok: true, account: redeemed.account, event: { type: 'benefit-redeemed', ...about(question), benefit } }
    : redeemed;
};

/** The customer's own people alone give and take back the permission (rule SX-20). */
const permit = (
  question: AccountQuestion,
  { granted, note }: Extract<AccountCommand, { type: 'permit-remote-access' }>,
): Answer => {
  const { account, actor, now } = question;
  const contact = contactWith(account, actor.email);
  if (actor.role !== 'customer' || !contact) {
    return refuse('forbidden', 'Only the contacts of the account decide on remote access to its systems.');
  }
  const noted = note === undefined ? {} : { note };
  return {
    ok: true,
    account: { ...account, remoteAccess: { granted, ...noted, at: now, by: contact.email } },
    event: { type: granted ? 'remote-access-granted' : 'remote-access-withdrawn', ...about(question), ...noted },
  };
};

const recordSession = (
  question: AccountQuestion,
  { purpose, ticketId }: Extract<AccountCommand, { type: 'record-remote-session' }>,
): Answer => {
  const { remoteAccess } = question.account;
  if (remoteAccess?.granted !== true) {
    return refuse('not-entitled', 'The customer has not permitted access to its systems: ask for permission first.', {
      withdrawnAt: remoteAccess?.at,
    });
  }
  return {
    ok: true,
    account: question.account,
    event: { type: 'remote-session', ...about(question), purpose, ...(ticketId !== undefined && { ticketId }) },
  };
};

const answerOf = (question: AccountQuestion, command: AccountCommand): Answer => {
  switch (command.type) {
    case 'record-facts':
      return recordFacts(question, command);
    case 'set-contact':
      return setContact(question, command.contact);
    case 'change-details':
      return changeDetails(question, command.details);
    case 'change-plan':
      return goOver(question, command.to);
    case 'redeem-benefit':
      return redeemBenefit(question, command.benefit);
    case 'permit-remote-access':
      return permit(question, command);
    case 'record-remote-session':
      return recordSession(question, command);
  }
};

/**
 * Decides one command. The account's version rises even where only its history grows, so that what was true when a line was
 * written is still true when it is committed.
 */
export const decideAccount = (question: AccountQuestion, command: AccountCommand): AccountDecision => {
  const { plan, now } = question;
  const settled = settleAccount(question.account, plan, now);
  const answer = answerOf({ ...question, account: settled.account }, command);
  if (!answer.ok) return answer;
  return {
    ok: true,
    account: { ...answer.account, version: settled.account.version + 1 },
    entries: [...settled.entries, ...(answer.units ?? [])],
    events: answer.event ? [answer.event] : [],
  };
};
