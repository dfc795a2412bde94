/** A mail that lay in a dead-letter queue for two weeks, on a running desk: what it opens, what is made good, and what the judge says. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { customerOn, MONDAY_10_NEW_YORK, preparedDesk, testDeskOf, type StaffedDesk } from '../support/desk.ts';
import { GOOD, rawMail } from '../support/mail.ts';
import { aboutDead, redrive } from './dead-letters.ts';
import { promiseFaults } from './invariants/promises.ts';
import { readStored } from './invariants/table.ts';

const MINUTE = 60_000;
const FOURTEEN_DAYS = 14 * 24 * 60 * MINUTE;
const DEAD = { requestId: 'dead', failure: { errorType: 'Error', errorMessage: 'It died.' } };

let desk: Desk;
let staffed: StaffedDesk;
let mailsFail = true;
beforeAll(async () => {
  desk = await startDesk({
    prepared: preparedDesk(),
    startAt: Date.parse(MONDAY_10_NEW_YORK),
    around: ({ plan }, run) => (mailsFail && plan.entry.includes('inbound') ? Promise.resolve(DEAD) : run()),
  });
  const testDesk = testDeskOf(desk);
  staffed = {
    ...testDesk,
    manager: await testDesk.as({ role: 'manager', email: 'max@example.com' }),
    engineer: await testDesk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' }),
  };
});
afterAll(() => desk.stop());

it('opens its ticket as of its arrival once it is handed over, with the misses since then, and is no fault for that', async () => {
  const { accountId } = await customerOn(staffed, 'luxsci-token-dedicated', { units: 5 });
  const cameAt = desk.clock.now();
  const envelope = { from: 'ann@example.com', recipients: ['support@desk.example.com'] };
  desk.acceptMail({ raw: rawMail(), encoding: 'utf8', envelope, verdicts: { ...GOOD, dmarcPolicy: undefined } });
  await desk.moveTo(cameAt + 10 * MINUTE);
  expect(desk.deadLetters()).toHaveLength(1);
  expect(aboutDead({ desk })).toEqual(new Set());

  await desk.moveTo(cameAt + FOURTEEN_DAYS);
  mailsFail = false;
  const handedOverAt = desk.clock.now();
  const { letters, mails } = await redrive({ desk });
  expect([letters, [...mails.values()]]).toEqual([1, [expect.toSatisfy((at: number) => at >= handedOverAt)]]);
  await desk.moveTo(desk.clock.now() + MINUTE);

  const [ticket] = (await staffed.manager.get(`/v1/tickets?accountId=${accountId}`)).body.items;
  expect(Math.abs(Date.parse(ticket.openedAt) - cameAt)).toBeLessThan(MINUTE);
  expect((await staffed.manager.get(`/v1/accounts/${accountId}/balance`)).body.available).toBe(5);

  const stored = await readStored(desk.engineEndpoint, desk.blueprint.tables[0]!.name);
  const missed = stored.tickets.get(ticket.ticketId)!.events.find(({ type }) => type === 'missed');
  expect(Date.parse(missed!.recordedAt as string)).toBeGreaterThanOrEqual(handedOverAt);
  const judge = (mailsHandedOver: ReadonlyMap<string, number>) =>
    promiseFaults(stored, { now: desk.clock.now(), graceMs: MINUTE, clocksLive: false, mailsHandedOver });
  expect(judge(new Map())).toContainEqual(expect.stringMatching(/event \d+ was late: 2026-03-/));
  expect(judge(mails)).toEqual([]);
});
