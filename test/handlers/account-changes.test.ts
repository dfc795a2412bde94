/** What an account is called, where it is and which plan it is on: who changes that, what follows, and what stays as it was promised. */
import { expect, it } from 'vitest';
import { customerOn, deskOfThisFile, openTicket, type Customer } from '../support/desk.ts';

const desk = deskOfThisFile();

const path = ({ accountId }: Customer, what = ''): string => `/v1/accounts/${accountId}${what}`;
const change = (customer: Customer, details: object) => desk.manager.post(path(customer, '/details'), details);
const goOver = (customer: Customer, planId: string) => desk.manager.post(path(customer, '/subscription'), { planId });
const balance = async (customer: Customer) => (await desk.manager.get(path(customer, '/balance'))).body;
const items = async (customer: Customer, what: string) =>
  (await desk.manager.get(path(customer, what))).body.items as Record<string, any>[];
const responseBy = async (ticketId: string): Promise<number> => {
  const { openedAt, targets } = (await desk.engineer.get(`/v1/tickets/${ticketId}`)).body;
  return Math.round((Date.parse(targets[0].deadline) - Date.parse(openedAt)) / 3_600_000);
};

// First, while no tickets wait: a desk goes through half a year sooner without their clocks.
it('SX-19 has used in another zone what it used of its benefits', async () => {
  const customer = await customerOn(desk, 'scalix-silver', { timeZone: 'America/New_York' });
  // In New York the second half-year of the term begins in summer time, an hour before it does in Tokyo.
  await desk.advance(200 * 86_400);
  const assess = () => desk.manager.post(path(customer, '/benefits'), { benefit: 'system-assessment' });
  expect((await assess()).status).toBe(201);
  await change(customer, { timeZone: 'Asia/Tokyo' });
  expect(await items(customer, '/benefits')).toContainEqual(
    expect.objectContaining({ benefit: 'system-assessment', used: 1, left: 0 }),
  );
  expect((await assess()).status).toBe(403);
});

it('goes over to a larger plan: its points come, those on hand stay, and only new tickets are promised more', async () => {
  const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
  const before = await openTicket(customer, {});
  const { status, body } = await goOver(customer, 'scalix-platinum');
  expect([status, body.planId]).toEqual([200, 'scalix-platinum']);
  expect(body.subscription).toMatchObject({ terms: 1, renews: true, active: true });
  expect((await balance(customer)).available).toBe(40 + 3000);
  const after = await openTicket(customer, {});
  expect(await responseBy(after)).toBe(1);
  expect(await responseBy(before)).toBeGreaterThanOrEqual(4);
  expect((await desk.engineer.get(`/v1/tickets/${before}`)).body.planId).toBe('scalix-basic');
  const line = { type: 'plan-changed', planId: 'scalix-platinum', before: 'scalix-basic', actor: { role: 'manager' } };
  expect(await items(customer, '/history')).toMatchObject([line]);
  expect((await items(customer, '/ledger')).map(({ kind, amount }) => [kind, amount])).toEqual([
    ['purchase', 50],
    ['charge', 10],
    ['grant', 3000],
    ['charge', 10],
  ]);
});

it('pays back what an older plan had promised, to the points that it was paid with', async () => {
  const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
  const ticketId = await openTicket(customer, {});
  await goOver(customer, 'scalix-bronze');
  const { targets } = (await desk.engineer.get(`/v1/tickets/${ticketId}`)).body;
  await desk.moveTo(new Date(Date.parse(targets[0].deadline) + 1000).toISOString());
  expect((await balance(customer)).lots.map(({ remaining }: { remaining: number }) => remaining).toSorted()).toEqual([
    250, 50,
  ]);
});

it('SX-12 splits a ticket of an older plan at the prices of the plan that its parts are opened under', async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  const ticketId = await openTicket(customer, { priority: 'urgent' });
  await goOver(customer, 'luxsci-token-platform');
  const splitFor = (authorizedCharge: number) =>
    desk.engineer.post(`/v1/tickets/${ticketId}/split`, {
      problems: [{ subject: 'Another', description: 'It is.', authorizedCharge }],
    });
  expect((await splitFor(3)).body.authorizedCharge).toBe(5);
  expect((await splitFor(5)).status).toBe(200);
  expect((await balance(customer)).available).toBe(20 - 3 - 5);
});

it('AX-06 leaves Gold with Premium: its incidents wait, shown as none, until the account is on Premium again', async () => {
  const customer = await customerOn(desk, 'axigen-premium');
  await desk.manager.post(path(customer, '/purchases'), { amount: 2, addOn: 'axigen-gold' });
  const gold = async () => (await balance(customer)).addOns;
  await goOver(customer, 'axigen-first');
  expect(await gold()).toEqual([{ planId: 'axigen-gold', unit: 'incident', available: 0 }]);
  const month = (await desk.manager.get(path(customer))).body.createdAt.slice(0, 'yyyy-mm'.length);
  const { units } = (await desk.manager.get(path(customer, `/reports/${month}`))).body;
  expect(units.addOns).toEqual([{ planId: 'axigen-gold', left: 0 }]);
  await goOver(customer, 'axigen-premium');
  expect(await gold()).toMatchObject([{ available: 2 }]);
});

it('goes over to the plan it is on without anything new, and to a plan without terms without one', async () => {
  const customer = await customerOn(desk, 'scalix-bronze');
  const shown = (await desk.manager.get(path(customer))).body;
  expect((await goOver(customer, 'scalix-bronze')).body).toEqual(shown);
  expect(await items(customer, '/history')).toEqual([]);
  const { body } = await goOver(customer, 'scalix-basic');
  expect(body).not.toHaveProperty('subscription');
  expect((await balance(customer)).available).toBe(250);
});

it('has the rest of a month’s incidents at once, and loses none', async () => {
  const customer = await customerOn(desk, 'severity-professional');
  expect((await balance(customer)).available).toBe(1);
  await goOver(customer, 'severity-gold');
  expect((await balance(customer)).available).toBe(4);
  await openTicket(customer, {});
  await goOver(customer, 'severity-professional');
  await goOver(customer, 'severity-enterprise');
  expect((await balance(customer)).available).toBe(3);
});

it.each([
  ['scalix-nothing', 'body.planId: there is no plan scalix-nothing.'],
  ['axigen-gold', 'AXIGEN Gold'],
  ['severity-gold', 'Create another account for it.'],
  ['luxsci-flat-users', 'counts incidents'],
])('does not go over to %s', async (planId, sentence) => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  const shown = (await desk.manager.get(path(customer))).body;
  const { status, body } = await goOver(customer, planId);
  expect([status, body.detail]).toEqual([400, expect.stringContaining(sentence)]);
  expect((await desk.manager.get(path(customer))).body).toEqual(shown);
});

it('LX-01 does not go over to a plan that is not for its class of customers', async () => {
  const customer = await customerOn(desk, 'luxsci-token-platform', { units: 20 });
  await desk.manager.post(path(customer, '/facts'), { customerClass: 'platform' });
  const { status, body } = await goOver(customer, 'luxsci-token-dedicated');
  expect([status, body.type]).toEqual([403, expect.stringMatching(/not-entitled$/)]);
});

it('has another name, zone and region, each on record, for what comes from now on', async () => {
  const customer = await customerOn(desk, 'scalix-basic', { units: 50, timeZone: 'America/New_York', region: 'US' });
  const moved = { name: 'Example and Daughters', timeZone: 'Europe/Berlin', region: 'DE-BY' };
  const before = await openTicket(customer, {});
  const deadline = async () => (await desk.engineer.get(`/v1/tickets/${before}`)).body.targets[0].deadline;
  const promised = await deadline();
  const { status, body } = await change(customer, moved);
  expect(status).toBe(200);
  expect(body).toMatchObject(moved);
  expect((await change(customer, { region: 'DE-BY' })).body).toEqual(body);
  expect(await deadline()).toBe(promised);
  expect(await items(customer, '/history')).toMatchObject([
    { type: 'details-changed', details: moved, before: { timeZone: 'America/New_York', region: 'US' } },
  ]);
  const { body: explanation } = await desk.engineer.get(`/v1/tickets/${await openTicket(customer, {})}/explanation`);
  expect(JSON.stringify(explanation)).toContain('zone Europe/Berlin');
});

it('is nowhere that its plan can’t count in, and changes to nothing else', async () => {
  const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
  const shown = (await desk.manager.get(path(customer))).body;
  for (const details of [
    {},
    { region: 'IN' },
    { timeZone: 'Europe/Paradise' },
    { name: '' },
    { planId: 'scalix-gold' },
  ]) {
    expect((await change(customer, details)).status).toBe(400);
  }
  expect((await desk.manager.get(path(customer))).body).toEqual(shown);
});

it('does not go over to a plan that counts by holidays which nobody knows of its region', async () => {
  const customer = await customerOn(desk, 'scalix-gold', { region: 'IN' });
  const { status, body } = await goOver(customer, 'scalix-basic');
  expect([status, body.detail]).toEqual([400, expect.stringContaining('those of IN are not known')]);
  await change(customer, { region: 'GB' });
  expect((await goOver(customer, 'scalix-basic')).status).toBe(200);
});
