/** The functions as they are deployed: bundled by the deployment's own options, without the source maps. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { esbuildOptions } from '../../lib/bundling.ts';

const ROOT = join(import.meta.dirname, '../..');
const HANDLERS = 'lambdas/handlers';
const SUFFIX = '.lambda.ts';

export interface Deployed {
  readonly name: string;
  readonly code: Uint8Array;
  /** The packages that its code comes from. */
  readonly packages: readonly string[];
}

const bundled = async (options: esbuild.BuildOptions): Promise<Deployed[]> => {
  const { outputFiles = [], metafile } = await esbuild.build({
    ...esbuildOptions,
    mainFields: [...esbuildOptions.mainFields],
    banner: { js: esbuildOptions.banner },
    absWorkingDir: ROOT,
    outdir: 'out',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    ...options,
  });
  return outputFiles.map(({ path, contents }) => {
    const name = /([a-z-]+)\.js$/.exec(path)?.[1] ?? path;
    const inputs = Object.entries(metafile?.outputs[`out/${name}.js`]?.inputs ?? {});
    const used = inputs.flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [/.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? ''] : [],
    );
    return { name, code: contents, packages: [...new Set(used)].toSorted() };
  });
};

/** Every function there is. */
export const deployedFunctions = (): Promise<Deployed[]> => {
  const names = readdirSync(join(ROOT, HANDLERS)).flatMap((file) =>
    file.endsWith(SUFFIX) ? [file.slice(0, -SUFFIX.length)] : [],
  );
  return bundled({ entryPoints: Object.fromEntries(names.map((name) => [name, `${HANDLERS}/${name}${SUFFIX}`])) });
};

/** Any code, bundled in the same way. */
export const deployedCode = async (contents: string): Promise<Uint8Array> => {
  const [only] = await bundled({ stdin: { contents, resolveDir: ROOT } });
  if (!only) throw new Error('nothing was bundled');
  return only.code;
};
