/**
 * The slow half of a start: synthesizes the stack and bundles its functions. The result is plain data that can be kept in a folder
 * and used by many desks. It must not start anything. The trap: a kept result does not notice that a source has changed.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readConfig } from '../config.ts';
import type { DeskConfig } from '../config.ts';
import type { Bundles } from './functions/bundle.ts';
import { LOCAL_ISSUER } from './issuer.ts';
import { PROJECT_ROOT } from './project-root.ts';

export interface Prepared {
  readonly template: unknown;
  readonly bundles: Bundles;
  /** The names of the claims that the functions read. */
  readonly claims: DeskConfig['claims'];
}

/** Settings of the stack, by the names of its context; they win over those of the environment. */
export type Settings = Readonly<Record<string, unknown>>;

/** What the local desk sets where nobody else does. */
const DEFAULTS = {
  MAKEGOOD_SENDER: 'support@desk.example.com',
  MAKEGOOD_MAIL_DOMAIN: 'desk.example.com',
  MAKEGOOD_MANAGERS: 'managers@desk.example.com',
  MAKEGOOD_TIER1: 'ts1@desk.example.com',
  MAKEGOOD_TIER2: 'ts2@desk.example.com',
  MAKEGOOD_TIER3: 'ts3@desk.example.com',
  MAKEGOOD_LOG_LEVEL: 'WARN',
  // No laptop has more writes than one partition takes.
  MAKEGOOD_QUEUE_SHARDS: '1',
};

const HANDLERS = 'lambdas/handlers';

/** Every entry point there is: bundling need not wait until the synthesis says which of them the template names. */
function entries(): string[] {
  return readdirSync(join(PROJECT_ROOT, HANDLERS))
    .filter((file) => file.endsWith('.lambda.ts'))
    .map((file) => `${HANDLERS}/${file}`);
}

/** Rejects with a ConfigError for wrong settings, or with esbuild's error for a source that can't be bundled. */
export async function prepare(
  settings: Settings = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Prepared> {
  // Nothing stands in front of this machine.
  const local = {
    ...{ stage: 'local', ...settings },
    ...{ issuer: LOCAL_ISSUER.url, audience: LOCAL_ISSUER.audience, edge: 'off' },
  };
  const config = readConfig(local, { ...DEFAULTS, ...environment });
  // Loaded here, because a desk that was prepared before needs neither esbuild nor the CDK, which take long to load. esbuild works
  // in a process of its own, while this one synthesizes.
  const [bundles, template] = await Promise.all([
    Promise.all([import('./functions/bundle.ts'), import('../bundling.ts')]).then(([{ bundle }, { definitions }]) =>
      bundle(entries(), definitions(config)),
    ),
    import('../synthesize.ts').then(({ synthesize }) => synthesize(config, { skipBundling: true })),
  ]);
  return { template, bundles, claims: config.claims };
}

const preparedSchema = z.object({
  template: z.unknown(),
  bundles: z.object({ scripts: z.record(z.string(), z.string()), shared: z.string() }),
  claims: z.object({ role: z.string(), account: z.string(), email: z.string(), tier: z.string() }),
});
const FILE = 'prepared.json';

export function savePrepared(prepared: Prepared, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, FILE), JSON.stringify(prepared));
}

/** Throws when the folder holds nothing that was saved. */
export function loadPrepared(folder: string): Prepared {
  return preparedSchema.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
}
