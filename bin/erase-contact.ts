/**
 * `npm run erase -- --url URL --account ID --email ADDRESS`, with a manager's token in `MAKEGOOD_TOKEN`: erases a person from everything
 * that the desk keeps about an account. It may be broken off at any time, and goes on where it was when it is started again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { pauseBeforeNextPart } from '../lib/operate/erasing.ts';
import { clientOf } from './client.ts';

const progressSchema = z.object({
  contact: z.string(),
  done: z.boolean(),
  traces: z.number(),
  continueAt: z.iso.datetime().optional(),
});

const USAGE = 'usage: MAKEGOOD_TOKEN=… npm run erase -- --url URL --account ID --email ADDRESS';
const option = { type: 'string' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: option, account: option, email: option } });
  const { url, account, email } = values;
  const token = process.env.MAKEGOOD_TOKEN;
  if (url === undefined || account === undefined || email === undefined || token === undefined) throw new Error(USAGE);
  const { post } = clientOf(url, token);
  for (;;) {
    const progress = progressSchema.parse(
      await post(`/v1/accounts/${encodeURIComponent(account)}/erasures`, { email }),
    );
    process.stdout.write(`${JSON.stringify(progress)}\n`);
    if (progress.done) return;
    await pause(pauseBeforeNextPart(progress.continueAt, Date.now()));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
