/** Where credits of any programme go, and who is told of it. */
import { expect, it, onTestFinished } from 'vitest';
import { customerOn, openTicket, startTestDesk } from '../support/desk.ts';

it('EV-05 credits go back to the points they came from, and live thirty days where those have expired', async () => {
  const own = await startTestDesk('2026-03-02T15:00:00.000Z');
  onTestFinished(() => own.stop());
  const boss = await own.as({ role: 'manager', email: 'max@example.com' });
  const engineerThere = await own.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  const held = await customerOn(own, 'severity-enterprise', { timeZone: 'Europe/Berlin', region: 'DE' });
  const lots = async () => (await boss.get(`/v1/accounts/${held.accountId}/balance`)).body.lots;
  const [march] = await lots();

  // Opened and missed in March: it is there again in March.
  const first = await openTicket(held, { priority: 'severity-1' });
  await own.moveTo('2026-03-04T16:00:00.000Z');
  expect((await boss.get(`/v1/tickets/${first}`)).body.charge.credited).toBe(1);
  expect(await lots()).toMatchObject([{ lotId: march.lotId, remaining: 2 }]);
  await engineerThere.post(`/v1/tickets/${first}/messages`, { body: 'Sorry, we are on it.' });

  // Opened in March, missed in April: March's incident is gone, the credit lives thirty days.
  await own.moveTo('2026-03-31T08:00:00.000Z');
  const second = await openTicket(held, { priority: 'severity-2' });
  await own.moveTo('2026-04-02T16:00:00.000Z');
  expect((await boss.get(`/v1/tickets/${second}`)).body.charge.credited).toBe(1);
  const credited = (await lots()).find(({ source }: { source: string }) => source === 'credit');
  expect(credited).toMatchObject({ remaining: 1 });
  const credit = (await boss.get(`/v1/accounts/${held.accountId}/ledger`)).body.items.find(
    (entry: Record<string, any>) => entry.ticketId === second && entry.kind === 'credit',
  );
  expect(Date.parse(credited.expiresAt) - Date.parse(credit.at)).toBe(30 * 86_400_000);
  // The explanation tells where it is, and the letter about the miss until when it is good.
  const { credits } = (await boss.get(`/v1/tickets/${second}/explanation`)).body;
  const { lotId, expiresAt } = credited;
  expect(credits[0].lots).toEqual([{ lotId, amount: 1, expiresAt, replaces: [march.lotId] }]);
  await own.settled();
  const told = own.desk.mails().filter(({ subject }) => subject.startsWith('We missed'));
  expect(told[0]?.text).toContain('It is good until Wednesday 1 April 2026, 00:00:00 (UTC+02:00).');
  expect(told.at(-1)?.text).toMatch(/It is good until \w+ \d May 2026/);
  const timeline = (await boss.get(`/v1/tickets/${second}/timeline`)).body.items as Record<string, any>[];
  expect(timeline.find(({ type }) => type === 'credited')?.lots).toEqual([{ lotId, amount: 1 }]);

  // Opened in April, found to be a bug in May: the letter about the finding tells the thirty days too.
  const third = await openTicket(held, { priority: 'severity-4' });
  await engineerThere.post(`/v1/tickets/${third}/messages`, { body: 'We look into it.' });
  await own.moveTo('2026-05-04T08:00:00.000Z');
  await engineerThere.post(`/v1/tickets/${third}/classify`, { as: 'product-bug' });
  await own.settled();
  const found = own.desk.mails().find(({ subject }) => subject.startsWith('Our product is at fault'));
  expect(found?.text).toMatch(/1 incident; it is on your account again\. It is good until Wednesday 3 June 2026/);
});
