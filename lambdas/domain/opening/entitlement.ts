/**
 * Whether an account may open such a ticket at all: the plan's conditions against what is recorded of the account and what the
 * opener declared. Each refusal says what would be needed. It knows nothing of prices and of units on hand.
 */
import type { Account } from '../account/account.ts';
import { hasLapsed } from '../account/account-settle.ts';
import type { Instant } from '../time/instant.ts';
import { dayOf } from '../time/month.ts';
import { addPeriods, startOfDay } from '../time/periods.ts';
import { appliesTo, type Plan } from '../plan/plan.ts';
import { categoryNames, type CategoryRule, type Condition, type ConditionOf } from '../plan/plan-rules.ts';
import { refuse, type Refusal } from '../refusal.ts';
import type { Statements } from './statements.ts';
import { tellUnits, type Channel, type Priority, type Unit } from '../vocabulary.ts';

export interface EntitlementQuestion {
  readonly account: Account;
  /** The plan that the ticket is opened under; an add-on where it is one. */
  readonly plan: Plan;
  /** Every plan of the same programme: where a customer may turn instead. */
  readonly programme: readonly Plan[];
  readonly now: Instant;
  readonly priority: Priority;
  readonly channel: Channel;
  readonly category?: string | undefined;
  readonly statements: Statements;
  readonly charge: { readonly unit: Unit; readonly amount: number };
}

const not = (message: string, facts?: Refusal['facts']): Refusal => refuse('not-entitled', message, facts).refusal;

const list = (words: readonly string[]): string => words.join(', ');

/** A priority by a channel, under a plan. */
type ChannelQuestion = Pick<EntitlementQuestion, 'plan' | 'priority' | 'channel'>;

const priorityOf = ({ oneOf }: ConditionOf<'priority'>, { plan, priority, channel }: ChannelQuestion) =>
  oneOf.includes(priority)
    ? undefined
    : not(`The plan ${plan.name} takes tickets by ${channel} for these priorities only: ${list(oneOf)}.`, {
        priorities: oneOf,
      });

const authorizedCharge = ({ statements, charge, priority }: EntitlementQuestion): Refusal | undefined =>
  statements.authorizedCharge === charge.amount
    ? undefined
    : not(
        `This ${priority} ticket costs ${tellUnits(charge.amount, charge.unit)}: say \`authorizedCharge\` ${charge.amount} once the customer has agreed to that cost.`,
        { authorizedCharge: charge.amount, unit: charge.unit },
      );

const missionCritical = (
  { stated }: ConditionOf<'mission-critical'>,
  { plan, priority, statements }: Pick<EntitlementQuestion, 'plan' | 'priority' | 'statements'>,
): Refusal | undefined => {
  if (statements.missionCritical ?? !stated) return undefined;
  const others = plan.priorities.filter((one) => one !== priority);
  return not(
    `A ticket of priority ${priority} is for problems that keep the business from running from minute to minute. Say \`missionCritical\` true if this is one, or choose another priority.`,
    { priorities: others },
  );
};

const edition = (
  { noneOf }: ConditionOf<'edition'>,
  { account, plan, channel }: EntitlementQuestion,
): Refusal | undefined => {
  const has = account.facts?.edition;
  return has === undefined || !noneOf.includes(has)
    ? undefined
    : not(`Customers of the ${has} edition can’t open tickets by ${channel}; write instead.`, {
        channels: plan.channels.filter((one) => one !== channel),
      });
};

const softwareSubscription = ({ account, plan, now }: EntitlementQuestion): Refusal | undefined => {
  const until = account.facts?.softwareSubscriptionUntil;
  return until === undefined || (until !== null && now < until)
    ? undefined
    : not(`The plan ${plan.name} needs a running software subscription, for any ticket and any cause.`, {
        softwareSubscriptionUntil: until,
      });
};

const majorOf = (release: string): number => Number(release.split('.')[0]);

const supportedRelease = (
  { product, current, majorsBack }: ConditionOf<'supported-release'>,
  { account }: EntitlementQuestion,
): Refusal | undefined => {
  const has = account.facts?.productRelease;
  const newest = majorOf(current);
  const oldest = Math.max(newest - majorsBack, 0);
  if (has === undefined || majorOf(has) >= oldest) return undefined;
  const supported = Array.from({ length: newest - oldest + 1 }, (_, back) => String(newest - back));
  return not(`${product} ${has} is no longer supported. Supported are the major releases ${list(supported)}.`, {
    releases: supported,
  });
};

const otherPlans = ({ plan, programme }: EntitlementQuestion): string[] =>
  programme.filter(({ planId, addOnTo }) => planId !== plan.planId && !addOnTo).map(({ planId }) => planId);

const registration = ({ within }: ConditionOf<'registration'>, question: EntitlementQuestion): Refusal | undefined => {
  const { account, plan, now } = question;
  const { registeredOn } = account.facts ?? {};
  const registeredAt = registeredOn === undefined ? account.createdAt : startOfDay(registeredOn, account.timeZone);
  const until = addPeriods(registeredAt, within, 1, account.timeZone);
  return now < until
    ? undefined
    : not(
        `The plan ${plan.name} ended on ${dayOf(until, account.timeZone)}, counted from the registration. Subscribe to another.`,
        {
          endedAt: until,
          plans: otherPlans(question),
        },
      );
};

const unmet = (condition: Condition, question: EntitlementQuestion): Refusal | undefined => {
  switch (condition.needs) {
    case 'priority':
      return priorityOf(condition, question);
    case 'authorized-charge':
      return authorizedCharge(question);
    case 'mission-critical':
      return missionCritical(condition, question);
    case 'edition':
      return edition(condition, question);
    case 'software-subscription':
      return softwareSubscription(question);
    case 'supported-release':
      return supportedRelease(condition, question);
    case 'registration':
      return registration(condition, question);
  }
};

/** The plan's conditions of a kind that apply to the question. */
const conditionsOf = <Needs extends Condition['needs']>(needs: Needs, question: ChannelQuestion) =>
  question.plan.conditions.filter(
    (condition): condition is ConditionOf<Needs> => condition.needs === needs && appliesTo(condition, question),
  );

/** Why the plan takes no tickets of this priority by this channel, or nothing where it does. */
export const channelRefusal = (question: ChannelQuestion): Refusal | undefined => {
  const refusals = conditionsOf('priority', question).map((condition) => priorityOf(condition, question));
  return refusals.find((refusal) => refusal !== undefined);
};

/** Why the plan lets no ticket become of this priority: it is mission critical, and nobody says so of this one. */
export const missionRefusal = (
  question: ChannelQuestion & Pick<EntitlementQuestion, 'statements'>,
): Refusal | undefined => {
  const refusals = conditionsOf('mission-critical', question).map((condition) => missionCritical(condition, question));
  return refusals.find((refusal) => refusal !== undefined);
};

/** A category as plans write it: `Performance tuning` is `performance-tuning`. */
const categorySlug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const categoryOf = ({ categories }: Plan, slug: string): CategoryRule | undefined =>
  categories.find((rule) => categoryNames(rule).includes(slug));

const uncovered = ({ plan, programme, category }: EntitlementQuestion): Refusal | undefined => {
  if (category === undefined) return undefined;
  const slug = categorySlug(category);
  const rule = categoryOf(plan, slug);
  if (rule?.covered) return undefined;
  const plans = programme.filter((one) => categoryOf(one, slug)?.covered).map(({ planId }) => planId);
  if (rule) {
    const instead = rule.turnTo === undefined ? '' : ` Turn to ${rule.turnTo} instead.`;
    return not(`The plan ${plan.name} does not cover ${category}.${instead} Nothing was charged.`, {
      ...(rule.turnTo !== undefined && { turnTo: rule.turnTo }),
      ...(plans.length > 0 && { plans }),
    });
  }
  return plans.length === 0
    ? undefined
    : not(`The plan ${plan.name} does not include ${category}; these plans do: ${list(plans)}.`, { plans });
};

/** Why this account may not open this ticket under its plan, or nothing where it may. */
export const notEntitled = (question: EntitlementQuestion): Refusal | undefined => {
  const { account, plan, now } = question;
  const { subscription, timeZone } = account;
  if (subscription && hasLapsed(account, now)) {
    const { endsAt } = subscription;
    return not(`The term of this account’s plan ended on ${dayOf(endsAt, timeZone)}.`, { endedAt: endsAt });
  }
  for (const condition of plan.conditions) {
    const refusal = appliesTo(condition, question) ? unmet(condition, question) : undefined;
    if (refusal) return refusal;
  }
  return uncovered(question);
};
