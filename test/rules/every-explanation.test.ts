/** Everything that time and money did to a ticket can be explained from the record, to those who may see the ticket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerOn, openTicket, startTestDesk, type Person, type TestDesk } from '../support/desk.ts';

let desk: TestDesk & { stop: () => Promise<void> };
let engineer: Person;
let manager: Person;
beforeAll(async () => {
  desk = await startTestDesk();
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
});
afterAll(() => desk.stop());

interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}
const sum = (stretches: readonly Stretch[]) => stretches.reduce((total, { seconds }) => total + seconds, 0);
const lengthOf = ({ from, to }: Stretch) => (Date.parse(to) - Date.parse(from)) / 1000;
const explanation = async (person: Person, ticketId: string) => {
  const { status, body } = await person.get(`/v1/tickets/${ticketId}/explanation`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
};

describe('the explanation of a ticket', () => {
  it('EV-08 gives rule, calendar and hours of each deadline, and charge, credit and escalation as the record has them', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50, timeZone: 'Europe/Berlin', region: 'DE-BY' });
    const id = await openTicket(customer, { channel: 'web' });
    const { body: opened } = await manager.get(`/v1/tickets/${id}`);
    await desk.moveTo(new Date(Date.parse(opened.targets[0].deadline) + 2000).toISOString());

    const told = await explanation(customer.administrator, id);
    const { body: ticket } = await manager.get(`/v1/tickets/${id}`);
    const { body: ledger } = await manager.get(`/v1/accounts/${customer.accountId}/ledger`);
    const entry = (kind: string) => ledger.items.find((one: { kind: string }) => one.kind === kind);

    expect(told.deadlines.map((one: any) => [one.kind, one.tier, one.state, one.count.deadline])).toEqual(
      ticket.targets.map((one: any) => [one.kind, one.tier, one.state, one.deadline]),
    );
    for (const { count, span, rules, calendar, sentences } of told.deadlines) {
      expect(span).toBe('PT4H');
      expect(sum(count.intervals)).toBe(4 * 3600);
      expect(count.intervals.map((one: Stretch) => one.seconds)).toEqual(count.intervals.map(lengthOf));
      expect(count.intervals.at(-1).to).toBe(count.deadline);
      expect(calendar).toEqual({ name: 'business', zone: 'Europe/Berlin', hours: 'Mon-Fri 09:00-17:00' });
      expect(rules.map((rule: { id: string }) => rule.id)).toContain('SX-02');
      expect(sentences.join(' ')).toContain('(UTC+01:00)');
    }
    expect(told.charges).toMatchObject([{ amount: entry('charge').amount, at: entry('charge').at, unit: 'point' }]);
    expect(told.credits).toMatchObject([
      { amount: entry('credit').amount, at: entry('credit').at, target: 'first-response' },
    ]);
    expect(told.escalations).toMatchObject([
      { from: 'TS1', to: 'TS2', at: opened.targets[0].deadline, by: { role: 'desk' } },
    ]);
  });

  it('EV-08 takes out what the desk waited, and still adds up', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'standard' });
    await engineer.post(`/v1/tickets/${id}/messages`, { body: 'Which version?' });
    await engineer.post(`/v1/tickets/${id}/pause`, { reason: 'Tell us your version.' });
    await desk.advance(10 * 86_400);
    await customer.administrator.post(`/v1/tickets/${id}/messages`, { body: '12.5' });
    const { deadlines } = await explanation(manager, id);
    const resolution = deadlines.find(({ kind }: { kind: string }) => kind === 'resolution');
    expect(resolution.count.pauses).toHaveLength(1);
    expect(resolution.count.pausedSeconds).toBeGreaterThanOrEqual(10 * 86_400);
    expect(resolution.count.openSeconds - resolution.count.pausedSeconds).toBeCloseTo(48 * 3600, 6);
    expect(lengthOf({ from: resolution.count.startedAt, to: resolution.count.deadline, seconds: 0 })).toBeCloseTo(
      resolution.count.openSeconds,
      6,
    );
  });

  it('EV-08 never shows an internal note, nor another customer’s ticket', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const stranger = await customerOn(desk, 'luxsci-token-dedicated');
    const id = await openTicket(customer, { priority: 'emergency' });
    await engineer.post(`/v1/tickets/${id}/messages`, { body: 'The customer broke it.', visibility: 'internal' });
    const { status, body } = await customer.administrator.get(`/v1/tickets/${id}/explanation`);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain('broke');
    expect((await stranger.administrator.get(`/v1/tickets/${id}/explanation`)).status).toBe(404);
    expect((await engineer.get(`/v1/tickets/${id}/explanation`)).status).toBe(200);
  });
});
