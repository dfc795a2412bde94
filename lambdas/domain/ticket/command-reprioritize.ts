/**
 * Changing a ticket's priority: who may, what it costs or gives back, and what becomes of its promises. Raising gives each promise
 * the new span from that moment on, unless it was due sooner: so no deadline is past already and none is later than before
 * (rule EV-06). Lowering gives each the new span from its own beginning, as if the ticket had been opened so, but nothing sooner.
 */
import { contactWith } from '../account/account.ts';
import { channelRefusal } from '../opening/entitlement.ts';
import { drawMore } from './adjustments.ts';
import { isFree, lastTaken, outstanding, priceAt } from './charge.ts';
import { addOnOf, facts, isStaff, isUnderWay, wrongState, type About, type Facts, type Funds } from './command.ts';
import { floorToSecond, toMillis, type Instant } from '../time/instant.ts';
import { appliesTo, type TargetRule } from '../plan/plan.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { dueAt, ruleFor } from './targets.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketFact } from './ticket-event.ts';
import { isResponse, type Priority, type TargetKind } from '../vocabulary.ts';

export interface Reprioritize {
  readonly type: 'reprioritize';
  readonly priority: Priority;
  readonly reason: string;
}

/** From least to most pressing; severities count down. */
const ASCENDING: readonly Priority[] = [
  'informational',
  'billing',
  'standard',
  'urgent',
  'emergency',
  'severity-4',
  'severity-3',
  'severity-2',
  'severity-1',
  'normal',
];
const isSeverity = (priority: Priority): boolean => priority.startsWith('severity-');
const raises = (from: Priority, to: Priority): boolean => ASCENDING.indexOf(to) > ASCENDING.indexOf(from);

const against = (ticket: Ticket, to: Priority, { actor }: About): { ok: false; refusal: Refusal } | undefined => {
  const { priority: from } = ticket;
  if (isSeverity(to) && !isStaff(actor)) {
    return refuse('forbidden', 'A severity follows from its definitions: ask an engineer to correct it.');
  }
  if (isSeverity(to) || raises(from, to)) return undefined;
  if (isStaff(actor) && !(from === 'emergency' && to === 'urgent')) {
    return refuse('forbidden', 'The customer sets the priority; only an emergency that is none is demoted, to urgent.');
  }
  if (!isStaff(actor) && ticket.answeredAt !== undefined) {
    return wrongState(ticket, 'it was answered at its priority already, so the priority can’t be lowered any more.');
  }
  return undefined;
};

const isRunning = ({ endedAt }: Target): boolean => endedAt === undefined;

const budgetOf = ({ span, calendar, guaranteed }: TargetRule): Pick<Target, 'span' | 'calendar' | 'guaranteed'> => ({
  span,
  calendar,
  ...(guaranteed === false && { guaranteed }),
});

/** The ticket as if a wait for the customer ended now, so that two budgets can be compared while it lasts. */
const asOf = (ticket: Ticket, now: Instant): Ticket => ({
  ...ticket,
  pauses: ticket.pauses.map(({ from, to = now }) => ({ from, to })),
});

/** A running promise under the new priority; none where the new priority makes no such promise. */
const carriedOver = (ticket: Ticket, target: Target, to: Priority, now: Instant): Target[] => {
  if (!isRunning(target) || target.kind === 'call-back') return [target];
  const rule = ruleFor(ticket.terms, target.kind, to);
  const raised = raises(ticket.priority, to);
  if (!rule) return raised ? [target] : [];
  const { kind, tier, state } = target;
  const beginning = target.kind === 'escalation' ? target.startedAt : floorToSecond(toMillis(ticket.openedAt));
  const renewed: Target = { kind, tier, state, ...budgetOf(rule), startedAt: raised ? now : beginning };
  const [was, becomes] = [dueAt(asOf(ticket, now), target), dueAt(asOf(ticket, now), renewed)];
  if (raised ? becomes >= was : becomes <= was) return [target];
  return [renewed];
};

/** Whether a promise of this kind stands in the way of a new one: for a raise only one that still runs, or was kept. */
const stands = (ticket: Ticket, kind: TargetKind, to: Priority): boolean =>
  ticket.targets.some(
    (target) =>
      (target.kind === kind || (isResponse(target.kind) && isResponse(kind))) &&
      (!raises(ticket.priority, to) || isRunning(target) || target.state === 'met'),
  );

/**
 * Promises that the ticket has not, or has no more: a first answer while none was given, a solution while none is planned. Whoever
 * raises a ticket after its promises were missed pays for new ones and gets them.
 */
const added = (ticket: Ticket, to: Priority, now: Instant): Target[] => {
  const wanted = [
    ...(ticket.answeredAt === undefined ? (['first-response'] as const) : []),
    ...(ticket.plan === undefined ? (['resolution'] as const) : []),
  ];
  return wanted.flatMap((kind): Target[] => {
    const rule = ruleFor(ticket.terms, kind, to);
    if (!rule || stands(ticket, kind, to)) return [];
    const state = kind === 'resolution' && ticket.status === 'waiting' ? 'paused' : 'running';
    return [{ kind, tier: ticket.tier, ...budgetOf(rule), startedAt: now, state }];
  });
};

const targetsAt = (ticket: Ticket, to: Priority, at: Instant): Target[] => {
  const now = floorToSecond(toMillis(at));
  return [...ticket.targets.flatMap((target) => carriedOver(ticket, target, to, now)), ...added(ticket, to, now)];
};

/** Whether a ticket with these targets still has to wait for something that the priority promises. */
const owesAny = ({ terms }: Ticket, targets: readonly Target[], priority: Priority): boolean =>
  targets.some((target) => isRunning(target) && ruleFor(terms, target.kind, priority));

const promisesNothing = ({ terms }: Ticket, priority: Priority): boolean =>
  !terms.targets.some((rule) => appliesTo({ priorities: rule.priorities }, { priority }));

/**
 * What the ticket costs at its new priority: more only where it is raised, and gets something for it. A priority whose promises
 * are all over already is given for nothing; one that promises nothing to anybody has its price.
 */
const newCharge = (ticket: Ticket, to: Priority, targets: readonly Target[]): number | undefined => {
  const { amount } = ticket.charge;
  const price = priceAt(ticket, to);
  if (price === undefined || price <= amount) return price;
  return raises(ticket.priority, to) && (promisesNothing(ticket, to) || owesAny(ticket, targets, to)) ? price : amount;
};

/**
 * A customer changes a priority to one at which they could open the ticket: as one of its plan's openers among the account's
 * contacts (rule LX-12), and by its channel (rule LX-13). Staff correct it to any.
 */
const openerRefusal = (
  { channel }: Ticket,
  priority: Priority,
  { actor }: About,
  { account, plan }: Funds,
): { ok: false; refusal: Refusal } | undefined => {
  if (isStaff(actor)) return undefined;
  const contact = contactWith(account, actor.email);
  if (!contact)
    return refuse('not-entitled', 'A contact of the account sets the priority, and this address is not one.');
  if (plan?.openers === 'administrators' && contact.role !== 'administrator')
    return refuse('not-entitled', 'Only account administrators set the priority under this plan.');
  const refusal = plan && channelRefusal({ plan, priority, channel });
  return refusal && { ok: false, refusal };
};

export const reprioritize = (ticket: Ticket, command: Reprioritize, about: About, funds: Funds): Facts => {
  const { priority: to, reason } = command;
  if (!isUnderWay(ticket)) return wrongState(ticket, 'its priority matters no more.');
  const targets = targetsAt(ticket, to, about.at);
  const charge = newCharge(ticket, to, targets);
  if (!funds.priorities.includes(to) || charge === undefined) {
    return refuse('validation', `The plan has no priority ${to}.`, { priorities: funds.priorities });
  }
  if (to === ticket.priority) return wrongState(ticket, `its priority is ${to} already.`, { priority: to });
  const refused = against(ticket, to, about) ?? openerRefusal(ticket, to, about, funds);
  if (refused) return refused;
  const { unit, amount: before, draws } = ticket.charge;
  // Of a ticket that was found to be free only the price changes: it is what a manager takes who finds otherwise.
  const more = isFree(ticket) ? 0 : Math.max(0, charge - before);
  const returned = Math.min(Math.max(0, before - charge), outstanding(ticket));
  const taken = drawMore(funds.account, { amount: more, unit, now: about.at, addOn: addOnOf(funds.plan) });
  if (!taken.ok) return taken;
  const change: TicketFact = {
    type: 'reprioritized',
    ...about,
    from: ticket.priority,
    to,
    reason,
    unit,
    charge,
    drawn: taken.draws,
    returned,
    targets,
  };
  if (returned === 0) return facts(change);
  const back = { amount: returned, unit, draws: lastTaken(draws, returned), cause: 'reprioritized' } as const;
  return facts(change, { type: 'credited', ...about, ...back });
};
