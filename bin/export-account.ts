/**
 * `npm run export -- --url URL --account ID --out FILE`, with a manager's or an administrator's token in `MAKEGOOD_TOKEN`: writes
 * everything that the desk keeps about an account into one file, an entry a line. The file is there whole or not at all.
 */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { clientOf, type Client } from './client.ts';

const pageSchema = z.object({ items: z.array(z.looseObject({ kind: z.string() })), next: z.string().optional() });

async function* lines({ get }: Client, account: string): AsyncGenerator<string> {
  const path = `/v1/accounts/${encodeURIComponent(account)}/export?limit=100`;
  let next: string | undefined;
  do {
    const page = pageSchema.parse(await get(next === undefined ? path : `${path}&cursor=${encodeURIComponent(next)}`));
    for (const item of page.items) yield `${JSON.stringify(item)}\n`;
    ({ next } = page);
  } while (next !== undefined);
}

const USAGE = 'usage: MAKEGOOD_TOKEN=… npm run export -- --url URL --account ID --out FILE';
const option = { type: 'string' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: option, account: option, out: option } });
  const { url, account, out } = values;
  const token = process.env.MAKEGOOD_TOKEN;
  if (url === undefined || account === undefined || out === undefined || token === undefined) throw new Error(USAGE);
  const unfinished = `${out}.unfinished`;
  try {
    // Nobody else on this machine has any business with it.
    await pipeline(lines(clientOf(url, token), account), createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, out);
  } finally {
    await rm(unfinished, { force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
