import { describe, expect, it } from 'vitest';
import { decide, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { deadlineOf } from '../../lambdas/domain/ticket/targets.ts';
import { accountOn, customer, engineer, having, openedOn } from '../support/records.ts';

const OPENED = '2026-03-02T15:00:00.000Z';
const at = (hours: number, seconds = 0) =>
  new Date(Date.parse(OPENED) + hours * 3_600_000 + seconds * 1000).toISOString();

const fresh = () => openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED).ticket;
const say = (visibility: 'public' | 'internal' = 'public'): TicketCommand => ({
  type: 'post-message',
  messageId: 'msg_1',
  visibility,
});

const does = (ticket: Ticket, command: TicketCommand, actor: Actor, now: string) => {
  const decision = decide(ticket, command, actor, now);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return decision;
};
const refuses = (ticket: Ticket, command: TicketCommand, actor: Actor, now: string) => {
  const decision = decide(ticket, command, actor, now);
  return decision.ok ? undefined : decision.refusal.code;
};
const types = (events: readonly { type: string }[]) =>
  events.map(({ type }) => type).filter((type) => type !== 'warned');
const states = (ticket: Ticket) => Object.fromEntries(ticket.targets.map(({ kind, state }) => [kind, state]));

describe('answering', () => {
  it('meets the response target at the deadline itself', () => {
    const { ticket, events } = does(fresh(), say(), engineer, at(24));
    expect(types(events)).toEqual(['message', 'answered']);
    expect(states(ticket)).toEqual({ 'first-response': 'met', resolution: 'running' });
    expect(ticket.credited).toBe(0);
  });

  it('finds the miss settled first, a second after the deadline, and meets the span at the next tier', () => {
    const { ticket, events } = does(fresh(), say(), engineer, at(24, 1));
    expect(types(events)).toEqual(['missed', 'credited', 'escalated', 'message', 'answered']);
    expect(events.at(-1)).toMatchObject({ tier: 'TS2', met: ['escalation'] });
    expect(states(ticket)).toEqual({ 'first-response': 'missed', escalation: 'met', resolution: 'running' });
  });

  it('is not done by an internal note, nor by the customer', () => {
    expect(types(does(fresh(), say('internal'), engineer, at(1)).events)).toEqual(['message']);
    expect(types(does(fresh(), say(), customer, at(1)).events)).toEqual(['message']);
    expect(refuses(fresh(), say('internal'), customer, at(1))).toBe('forbidden');
  });

  it('is done once: later messages are messages', () => {
    const { ticket } = does(fresh(), say(), engineer, at(1));
    expect(types(does(ticket, say(), engineer, at(2)).events)).toEqual(['message']);
  });

  it('counts a clock that runs behind the last event as standing at it', () => {
    const { ticket } = does(fresh(), say(), customer, at(2));
    expect(does(ticket, say(), engineer, at(1)).events[0]).toMatchObject({ at: at(2) });
  });
});

describe('waiting for the customer (EV-02)', () => {
  it('stops the resolution clock and leaves the response clock running', () => {
    const { ticket } = does(fresh(), { type: 'pause', reason: 'Which version?' }, engineer, at(1));
    expect(ticket.status).toBe('waiting');
    expect(states(ticket)).toEqual({ 'first-response': 'running', resolution: 'paused' });
    expect(types(does(ticket, say(), engineer, at(25)).events)).toContain('missed');
  });

  it('adds the wait to the resolution deadline when the customer answers', () => {
    const paused = does(
      does(fresh(), say(), engineer, at(1)).ticket,
      { type: 'pause', reason: '?' },
      engineer,
      at(2),
    ).ticket;
    const { ticket, events } = does(paused, say(), customer, at(12));
    expect(types(events)).toEqual(['message', 'resumed']);
    const resolution = ticket.targets.find(({ kind }) => kind === 'resolution')!;
    expect(deadlineOf(ticket, resolution)).toBe(at(58));
  });

  it('is refused where the ticket waits already', () => {
    const { ticket } = does(fresh(), { type: 'pause', reason: '?' }, engineer, at(1));
    expect(refuses(ticket, { type: 'pause', reason: '?' }, engineer, at(2))).toBe('wrong-state');
  });
});

describe('ending', () => {
  const answered = () => does(fresh(), say(), engineer, at(1)).ticket;

  it('meets the resolution target by a plan, too', () => {
    const { ticket } = does(answered(), { type: 'plan', summary: 'A patch.', expectedBy: at(100) }, engineer, at(48));
    expect(states(ticket)).toMatchObject({ resolution: 'met' });
    expect(refuses(answered(), { type: 'plan', summary: 'A patch.', expectedBy: at(1) }, engineer, at(2))).toBe(
      'validation',
    );
  });

  it('can’t be resolved before anybody has answered', () => {
    expect(refuses(fresh(), { type: 'resolve', summary: 'Done.' }, engineer, at(1))).toBe('wrong-state');
    expect(types(does(answered(), { type: 'resolve', summary: 'Done.' }, engineer, at(2)).events)).toEqual([
      'resolved',
    ]);
  });

  it('is closed by an engineer only when resolved, by its customer at any time', () => {
    expect(refuses(answered(), { type: 'close' }, engineer, at(2))).toBe('wrong-state');
    const { ticket } = does(fresh(), { type: 'close' }, customer, at(2));
    expect(ticket.status).toBe('closed');
    expect(states(ticket)).toEqual({ 'first-response': 'paused', resolution: 'paused' });
    expect(refuses(ticket, say(), engineer, at(3))).toBe('wrong-state');
    expect(refuses(ticket, { type: 'close' }, customer, at(3))).toBe('wrong-state');
  });

  it('gives a customer who closes late what the desk owed already', () => {
    expect(types(does(fresh(), { type: 'close' }, customer, at(30)).events)).toEqual([
      'missed',
      'credited',
      'escalated',
      'closed',
    ]);
  });
});
