/** The smoke test, run against a desk that is well and against desks that are not. */
import { expect, it } from 'vitest';
import { smoke, type SmokeOptions } from '../../lib/operate/smoke.ts';
import { deskOfThisFile } from '../support/desk.ts';

const desk = deskOfThisFile();

let runs = 0;
const run = async (change: Partial<SmokeOptions> = {}): Promise<string[]> => {
  const told: string[] = [];
  await smoke({
    url: desk.url,
    manager: await desk.desk.token({ role: 'manager', email: 'max@example.com' }),
    engineer: await desk.desk.token({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' }),
    run: `run-${String((runs += 1))}`,
    tell: (step) => told.push(step),
    ...change,
  });
  return told;
};

it('passes on a desk that is well, and leaves one closed ticket of its own account', async () => {
  const told = await run();
  expect(told).toHaveLength(8);
  const [accountId] = /acc_\w+/.exec(told.join())!;
  const tickets = async () => (await desk.manager.get(`/v1/tickets?accountId=${accountId}`)).body.items;
  expect(await tickets()).toMatchObject([{ status: 'closed', charge: { amount: 0 } }]);
  await desk.settled();
  expect(desk.desk.mails().map(({ to }) => to)).not.toContain(undefined);
  expect(new Set(desk.desk.mails().map(({ to }) => to))).toEqual(
    new Set(['success@simulator.amazonses.com', 'ts1@desk.example.com']),
  );
  expect(await run({ accountId })).toHaveLength(8);
  expect(await tickets()).toHaveLength(2);
});

it('stops at the first step that fails, and says which call was answered how', async () => {
  const customer = await desk.desk.token({ role: 'customer', account: 'acc_1', email: 'ann@example.com' });
  await expect(run({ manager: customer })).rejects.toThrow(
    /^POST \/v1\/accounts was answered with 403 and not 201: .*manager/,
  );
  await expect(run({ engineer: 'no token' })).rejects.toThrow(/^POST \/v1\/quotes was answered with 401 and not 200/);
  await expect(run({ accountId: 'acc_01J9ZC2M6Q4V7R8T5X3W1Y0N2K' })).rejects.toThrow(
    /^GET \/v1\/accounts\/acc_01J9ZC2M6Q4V7R8T5X3W1Y0N2K .* 404 and not 200/,
  );
  await expect(run({ url: 'http://127.0.0.1:1' })).rejects.toThrow(/^GET \/v1\/openapi.json was not answered/);
});
