/** What a cold start has to read: each function's code as it is deployed, without its source map. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { expect, it } from 'vitest';
import { esbuildOptions } from '../../lib/bundling.ts';

const ROOT = join(import.meta.dirname, '../..');
const HANDLERS = 'lambdas/handlers';
const SUFFIX = '.lambda.ts';

/** In kB of 1000 bytes. A function of its own limit says what keeps it above. */
const LIMIT = 450;
const ABOVE: Readonly<Record<string, number>> = {
  api: 680,
  files: 620,
  inbound: 1120,
  quarantine: 1110,
  dispatch: 470,
  'mail-events': 460,
  notify: 680,
  remind: 620,
  renew: 680,
  report: 735,
};

const sizes = async (): Promise<Record<string, number>> => {
  const names = readdirSync(join(ROOT, HANDLERS)).flatMap((file) =>
    file.endsWith(SUFFIX) ? [file.slice(0, -SUFFIX.length)] : [],
  );
  const { outputFiles } = await esbuild.build({
    ...esbuildOptions,
    mainFields: [...esbuildOptions.mainFields],
    banner: { js: esbuildOptions.banner },
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(names.map((name) => [name, `${HANDLERS}/${name}${SUFFIX}`])),
    outdir: 'out',
    write: false,
    bundle: true,
    platform: 'node',
  });
  return Object.fromEntries(
    outputFiles.map(({ path, contents }) => [/([a-z-]+)\.js$/.exec(path)?.[1] ?? path, contents.length / 1000]),
  );
};

it('no function is deployed with more code than its cold start can afford', async () => {
  const tooLarge = Object.entries(await sizes()).flatMap(([name, size]) =>
    size > (ABOVE[name] ?? LIMIT) ? [`${name}: ${String(Math.round(size))} kB`] : [],
  );
  expect(tooLarge).toEqual([]);
});
