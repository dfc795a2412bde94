/** The monthly service report over HTTP: as figures, as a page, and to nobody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportView } from '../../lambdas/handlers/api/contract/report-view.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { customerOn, openTicket, startTestDesk, type Customer, type Person, type TestDesk } from '../support/desk.ts';

let desk: TestDesk & { stop: () => Promise<void> };
let engineer: Person;
let manager: Person;
let customer: Customer;
const path = (month: string, { accountId } = customer) => `/v1/accounts/${accountId}/reports/${month}`;

beforeAll(async () => {
  desk = await startTestDesk();
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  const answered = await openTicket(customer, { priority: 'standard', subject: 'Mail <b>is</b> stuck' });
  await desk.advance(3600);
  await engineer.post(`/v1/tickets/${answered}/messages`, { body: 'Looking at it.' });
  await desk.advance(3600);
  await engineer.post(`/v1/tickets/${answered}/resolve`, { summary: 'The queue runs.' });
  await openTicket(customer, { priority: 'emergency', subject: 'Nobody home' });
  await desk.advance(2 * 3600);
  // Tuesday 31 March, a quarter to midnight in New York, and a quarter past: two tickets in two months.
  await desk.moveTo('2026-04-01T03:45:00.000Z');
  await openTicket(customer, { priority: 'informational', subject: 'Last of March' });
  await desk.moveTo('2026-04-01T04:15:00.000Z');
  await openTicket(customer, { priority: 'informational', subject: 'First of April' });
});
afterAll(() => desk.stop());

describe('the monthly service report', () => {
  it('AX-10 lists the incidents of the local month, the time each took, who took part, and units used and left', async () => {
    const { status, body } = await customer.user.get(path('2026-03'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ month: '2026-03', timeZone: 'America/New_York', complete: true, truncated: false });
    expect(body.incidents.map((one: any) => one.subject)).toEqual([
      'Mail <b>is</b> stuck',
      'Nobody home',
      'Last of March',
    ]);
    const [answered, missed] = body.incidents;
    expect(answered.answer).toMatchObject({ promise: { state: 'met', seconds: 86_400 } });
    expect(answered.answer.seconds).toBeGreaterThanOrEqual(3600);
    expect(answered.answer.seconds).toBeLessThan(3660);
    expect(answered.solution.seconds).toBeGreaterThanOrEqual(7200);
    expect(answered.people).toEqual([
      { name: 'Ann', role: 'contact' },
      { name: 'eve', role: 'engineer', tier: 'TS1' },
    ]);
    expect(missed).toMatchObject({
      charged: 10,
      credited: 10,
      answer: { seconds: null, promise: { state: 'missed' } },
    });
    expect(body.units).toMatchObject({ unit: 'token', used: 11, credited: 10, left: 19 });
    expect(body.answers).toMatchObject({ kept: 1, missed: 1, open: 1 });
    expect(body.byPriority).toHaveLength(3);
    expect(body.satisfaction).toEqual({ average: null, ratings: 0 });
  });

  it('AX-10 shows the running month as far as it has come, and refuses one that has not begun', async () => {
    const { body } = await manager.get(path('2026-04'));
    expect(body).toMatchObject({ complete: false });
    expect(body.incidents.map((one: any) => one.subject)).toEqual(['First of April']);
    // The first ticket was closed in March.
    expect(body.earlier.map((one: any) => one.subject)).toEqual(['Nobody home', 'Last of March']);
    expect(reportView.parse(body)).toEqual(body);
    expect((await manager.get(path('2026-05'))).body).toMatchObject({ type: 'urn:makegood:problem:validation' });
    const wrong = await manager.get(path('2026-5'));
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors).toEqual([{ path: 'path.month', message: 'must be a month such as 2026-03' }]);
  });

  it('AX-10 is a page with charts, in which what a user wrote is only text', async () => {
    const { status, headers, body } = await customer.administrator.get(`${path('2026-03')}/page`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(body.match(/<svg /g)).toHaveLength(4);
    expect(body).toContain('Mail &lt;b&gt;is&lt;/b&gt; stuck');
    expect(body).not.toContain('<b>');
  });

  it('AX-10 is for the account’s own people and for managers', async () => {
    const stranger = await customerOn(desk, 'luxsci-token-dedicated');
    for (const end of ['', '/page']) {
      expect((await stranger.administrator.get(`${path('2026-03')}${end}`)).status).toBe(404);
      expect((await engineer.get(`${path('2026-03')}${end}`)).status).toBe(403);
    }
  });
});

it('AX-10 tells over HTTP, as the contract has it, of a promise that ended with its ticket', async () => {
  const own = await customerOn(desk, 'axigen-premium');
  const ticketId = await openTicket(own, { channel: 'email' });
  expect((await own.administrator.post(`/v1/tickets/${ticketId}/close`, {})).status).toBe(200);
  const { body } = await own.administrator.get(path('2026-04', own));
  expect(body.incidents[0].answer).toMatchObject({ moot: true, promise: null });
  expect(body.units).toMatchObject({ unlimited: true });
  expect(reportView.parse(body)).toEqual(body);
});

describe('what the report says is left', () => {
  it('AX-10 counts the Gold incidents left beside the plan’s own units, as the balance does', async () => {
    const premium = await customerOn(desk, 'axigen-premium');
    const before = (await premium.administrator.get(path('2026-04', premium))).body;
    expect(before.units).toMatchObject({ addOns: [{ planId: 'axigen-gold', left: 0 }] });
    await manager.post(`/v1/accounts/${premium.accountId}/purchases`, { amount: 5, addOn: 'axigen-gold' });
    await openTicket(premium, { addOn: 'axigen-gold' });
    const { units } = (await premium.administrator.get(path('2026-04', premium))).body;
    expect(units).toMatchObject({ used: 1, left: 0, addOns: [{ planId: 'axigen-gold', left: 4 }] });
    const { body } = await premium.administrator.get(`/v1/accounts/${premium.accountId}/balance`);
    expect(body.addOns).toEqual([{ planId: 'axigen-gold', unit: 'incident', available: 4 }]);
    expect((await premium.administrator.get(`${path('2026-04', premium)}/page`)).body).toContain(
      '; 4 incidents of axigen-gold left on',
    );
  });

  it('AX-10 agrees with the balance in the first second of a month, before anybody wrote its allowance down', async () => {
    const monthly = await customerOn(desk, 'severity-gold', { timeZone: 'Europe/Berlin', region: 'DE' });
    await openTicket(monthly, { priority: 'severity-3', channel: 'email' });
    await desk.moveTo('2026-04-30T22:00:01.000Z');
    const { units } = (await manager.get(path('2026-05', monthly))).body;
    const { available } = (await manager.get(`/v1/accounts/${monthly.accountId}/balance`)).body;
    expect({ available, left: units.left }).toEqual({ available: 4, left: 4 });
  });
});

/** A plan whose customers are promised the report. */
const entitled = [...catalogue.values()].find(({ monthlyReport, addOnTo }) => monthlyReport && !addOnTo);

describe('the monthly service report by mail', () => {
  it('AX-10 reaches the administrators on the first working day of their month, once', async () => {
    const later = await startTestDesk('2026-04-20T08:00:00.000Z');
    try {
      const berlin = { planId: entitled!.planId, timeZone: 'Europe/Berlin', region: 'DE-BY' };
      const contacts = [
        { email: 'ann@example.com', name: 'Ann', role: 'administrator' },
        { email: 'uwe@example.com', name: 'Uwe', role: 'user' },
      ];
      const tam = { name: 'Tom', email: 'tom@example.com' };
      const max = await later.as({ role: 'manager', email: 'max@example.com' });
      const { status } = await max.post('/v1/accounts', { name: 'Example Ltd', ...berlin, contacts, tam });
      expect(status).toBe(201);
      const sent = () => later.desk.mails().filter(({ subject }) => subject.startsWith('Service report'));
      // Friday, the first of May, is a holiday; the first working day is Monday, the fourth. Reports go out at eight, UTC.
      await later.moveTo('2026-05-04T07:59:00.000Z');
      expect(sent()).toEqual([]);
      await later.moveTo('2026-05-04T08:01:00.000Z');
      expect(sent()).toMatchObject([{ to: 'ann@example.com', subject: 'Service report for April 2026: Example Ltd' }]);
      expect(sent()[0]?.headers.from).toContain('Tom');
      await later.moveTo('2026-05-20T08:00:00.000Z');
      expect(sent()).toHaveLength(1);
      await later.moveTo('2026-06-03T08:00:00.000Z');
      expect(sent().map(({ subject }) => subject)).toEqual([
        'Service report for April 2026: Example Ltd',
        'Service report for May 2026: Example Ltd',
      ]);
    } finally {
      await later.stop();
    }
  });
});
