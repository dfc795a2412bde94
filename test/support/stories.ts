/** Random stories of tickets: a plan, a priority, and what people do to the ticket at which distance. Told by the rules themselves. */
import fc from 'fast-check';
import { decide, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import type { TicketEvent } from '../../lambdas/domain/ticket/ticket-event.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { accountOn, customer, engineer, having, openedOn } from './records.ts';

const OPENED = '2026-03-05T20:30:00.000Z';
/** So many seconds after the opening. */
export const at = (seconds: number) => new Date(Date.parse(OPENED) + seconds * 1000).toISOString();
export const HOUR = 3600;

export interface Step {
  readonly command: TicketCommand;
  readonly actor: Actor;
  readonly wait: number;
}

const command: fc.Arbitrary<TicketCommand> = fc.oneof(
  fc.constantFrom<TicketCommand>(
    { type: 'post-message', messageId: 'msg_1', visibility: 'public' },
    { type: 'post-message', messageId: 'msg_2', visibility: 'internal' },
    { type: 'pause', reason: 'Which version?' },
    { type: 'resolve', summary: 'Done.' },
    { type: 'close' },
    { type: 'plan', summary: 'A patch.', expectedBy: at(10_000 * HOUR) },
  ),
);
const step: fc.Arbitrary<Step> = fc.record({
  command,
  actor: fc.constantFrom(customer, engineer),
  wait: fc.integer({ min: 0, max: 60 * HOUR }),
});

/** A ticket on either plan, with any priority, and what people do to it. */
export const story = fc.record({
  start: fc.constantFrom(
    { planId: 'scalix-basic', units: 50, request: {} },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'standard' as const } },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'urgent' as const } },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'emergency' as const } },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'informational' as const } },
  ),
  steps: fc.array(step, { maxLength: 8 }),
});

/** Plays a story to its end. Commands that the rules refuse leave no trace. */
export const play = ({
  start,
  steps,
  plan,
}: {
  start: { planId: string; units: number; request: object };
  steps: readonly Step[];
  /** Terms in place of the published ones. */
  plan?: Plan;
}) => {
  const account = having(accountOn(start.planId), start.units);
  const opening = openedOn(account, OPENED, start.request, plan);
  let ticket: Ticket = opening.ticket;
  const events: TicketEvent[] = [...opening.events];
  let elapsed = 0;
  for (const { command: wish, actor, wait } of steps) {
    elapsed += wait;
    const decision = decide(ticket, wish, actor, at(elapsed));
    if (!decision.ok) continue;
    ({ ticket } = decision);
    events.push(...decision.events);
  }
  return { account, opening, ticket, events, elapsed };
};
