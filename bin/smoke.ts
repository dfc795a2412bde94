/**
 * `npm run smoke -- --url URL [--manager TOKEN --engineer TOKEN] [--account acc_…]`: the smoke test against a deployed stage, or against
 * the local desk, which hands out its tokens itself. Ends with 1 and one line that says what failed.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { smoke } from '../lib/operate/smoke.ts';

const USAGE = 'usage: npm run smoke -- --url URL [--manager TOKEN --engineer TOKEN] [--account acc_…]';
const option = { type: 'string' } as const;

const localToken = async (url: string, claims: object): Promise<string> => {
  const response = await fetch(`${url}/local/token`, { method: 'POST', body: JSON.stringify(claims) });
  if (!response.ok) throw new Error(`${url} hands out no tokens, so it is no local desk. ${USAGE}`);
  return z.object({ token: z.string() }).parse(await response.json()).token;
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: option, manager: option, engineer: option, account: option } });
  if (values.url === undefined) throw new Error(USAGE);
  const url = values.url.replace(/\/+$/, '');
  const manager = values.manager ?? (await localToken(url, { role: 'manager', email: 'manager@example.com' }));
  const engineer =
    values.engineer ?? (await localToken(url, { role: 'engineer', email: 'engineer@example.com', tier: 'TS1' }));
  const tell = (step: string) => process.stdout.write(`ok      ${step}\n`);
  await smoke({ url, manager, engineer, accountId: values.account, run: new Date().toISOString(), tell });
}

main().catch((error: unknown) => {
  process.stderr.write(`FAILED  ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
