/** Stories of a ticket and its account, told step by step by the rules alone; every step is checked to replay. */
import { expect } from 'vitest';
import { bookAdjustments } from '../../lambdas/domain/ticket/adjustments.ts';
import type { Funds } from '../../lambdas/domain/ticket/command.ts';
import {
  decide,
  decideFunded,
  type Decision,
  type FundedCommand,
  type TicketCommand,
} from '../../lambdas/domain/ticket/commands.ts';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import type { Actor, Priority } from '../../lambdas/domain/vocabulary.ts';
import { customer, engineer, manager, planNamed, type Opened } from './records.ts';

export type Step = (before: Opened) => Opened;

export const story = (first: Opened, ...steps: readonly Step[]): Opened =>
  steps.reduce((before, step) => step(before), first);

/** Units on hand, whatever they are for. */
export const onHand = ({ account }: Opened): number => account.lots.reduce((sum, { remaining }) => sum + remaining, 0);

const fundsOf = ({ account, ticket }: Opened): Funds => {
  const plan = planNamed(ticket.terms.planId);
  return { account, priorities: plan.priorities, plan };
};

const isFunded = (command: TicketCommand | FundedCommand): command is FundedCommand =>
  command.type === 'classify' || command.type === 'reprioritize';

/** What the rules say to a command. */
export const asked = (
  before: Opened,
  command: TicketCommand | FundedCommand,
  { actor, now }: { actor: Actor; now: string },
): Decision =>
  isFunded(command)
    ? decideFunded(before.ticket, command, { actor, now, funds: fundsOf(before) })
    : decide(before.ticket, command, actor, now);

const taken = (before: Opened, { ticket, events: more }: Pick<Opened, 'ticket' | 'events'>): Opened => {
  const events = [...before.events, ...more];
  expect(replay(events)).toEqual(ticket);
  return { ...before, ticket, events, account: bookAdjustments(before.account, more)?.account ?? before.account };
};

export const step =
  (command: TicketCommand | FundedCommand, actor: Actor, now: string): Step =>
  (before) => {
    const decision = asked(before, command, { actor, now });
    if (!decision.ok) throw new Error(decision.refusal.message);
    return taken(before, decision);
  };

export const answered = (now: string): Step =>
  step({ type: 'post-message', messageId: 'msg_1', visibility: 'public' }, engineer, now);
export const prioritized = (priority: Priority, now: string, actor: Actor = customer): Step =>
  step({ type: 'reprioritize', priority, reason: 'It turned out so.' }, actor, now);
export const found = (as: 'free' | 'chargeable', now: string): Step =>
  step({ type: 'classify', as }, as === 'free' ? engineer : manager, now);
/** Time passes, and nobody does anything. */
export const settled =
  (now: string): Step =>
  (before) =>
    taken(before, settle(before.ticket, now));
