/**
 * What an opening is decided from: the request, the account and its plan at a moment. It brings the account up to that moment and
 * finds the plan that the ticket is opened under, which is the add-on where the request names one.
 */
import type { Account } from '../account/account.ts';
import { settleAccount } from '../account/account-settle.ts';
import type { Instant } from '../time/instant.ts';
import type { LedgerEntry } from '../account/ledger.ts';
import type { Plan } from '../plan/plan.ts';
import type { SeverityAnswers } from '../plan/plan-rules.ts';
import { refuse, type Refusal } from '../refusal.ts';
import type { Target, Terms } from '../ticket/ticket.ts';
import type { Actor, Channel, Priority, TargetKind, Tier, Unit } from '../vocabulary.ts';

/** What somebody wants help with. Everything a rule reads is decided from this, the account and the plan. */
export interface OpeningRequest {
  readonly subject: string;
  readonly description: string;
  readonly priority?: Priority | undefined;
  readonly channel: Channel;
  readonly category?: string | undefined;
  /** The person it is for, where somebody else opens it (an engineer on the phone). */
  readonly contact?: string | undefined;
  /** What the opener says about the harm; the plan makes a priority of it. */
  readonly severity?: SeverityAnswers | undefined;
  /** That the problem keeps the business from running, or does not. */
  readonly missionCritical?: boolean | undefined;
  /** The charge that the customer has agreed to. */
  readonly authorizedCharge?: number | undefined;
  /** The add-on of the account's plan under which it is opened. */
  readonly addOn?: string | undefined;
  /** Addresses that were written to along with the desk: those of the account's contacts follow the ticket. */
  readonly copied?: readonly string[] | undefined;
}

/** The public holidays of a region, as ISO days, from the first to the last year named. */
export type HolidaysOf = (region: string, fromYear: number, toYear: number) => readonly string[];

export interface OpeningContext {
  readonly account: Account;
  /** The plan that the account is on. */
  readonly plan: Plan;
  /** Every plan of the same programme, its add-ons among them; absent: there is but the one. */
  readonly programme?: readonly Plan[] | undefined;
  readonly actor: Actor;
  readonly now: Instant;
  readonly holidaysOf: HolidaysOf;
}

/** An opening with the account brought up to its moment, and `plan` the add-on where the ticket is opened under one. */
export interface Settled extends OpeningContext {
  /** The add-on that pays, where it is one. */
  readonly addOn?: string | undefined;
  readonly programme: readonly Plan[];
}

/** What opening at this moment costs and promises. */
export interface Offer {
  readonly priority: Priority;
  readonly tier: Tier;
  readonly charge: { readonly unit: Unit; readonly amount: number };
  readonly targets: readonly Target[];
  readonly deadlines: readonly { kind: TargetKind; deadline: Instant; guaranteed?: false }[];
  readonly terms: Terms;
}

/** `caused`: the lines of the ledger that time had caused before. */
export type Prepared =
  | { readonly ok: true; readonly context: Settled; readonly caused: readonly LedgerEntry[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Settles the account, and finds the plan that the ticket is opened under. */
export const prepare = (context: OpeningContext, { addOn }: OpeningRequest): Prepared => {
  const { plan, programme = [plan], now } = context;
  const { account, entries: caused } = settleAccount(context.account, plan, now);
  if (addOn === undefined) return { ok: true, context: { ...context, account, programme }, caused };
  const added = programme.find(({ planId, addOnTo }) => planId === addOn && addOnTo?.includes(plan.planId));
  if (added) return { ok: true, context: { ...context, account, programme, plan: added, addOn }, caused };
  const addOns = programme.filter(({ addOnTo }) => addOnTo?.includes(plan.planId)).map(({ planId }) => planId);
  return refuse('not-entitled', `The plan ${plan.name} has no add-on ${addOn}.`, { addOns });
};
