/**
 * Turns the sources of all functions into one script each, and the large libraries that most of them use into one more. The
 * options are those of the deployment (`lib/bundling.ts`) where they decide what code runs; the format is CommonJS, because a
 * script can be evaluated with a `process` of its own and an ES module can't. The trap: a shared library sees one `process` for all
 * functions, so only libraries that read nothing of a single function from it may be shared.
 */
import * as esbuild from 'esbuild';
import { esbuildOptions } from '../../bundling.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { SIGNATURES } from './signatures.ts';
import { TRANSPORT } from './transport.ts';

export interface Bundles {
  /** The script of each entry, by the entry's path from the project's root. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The script whose exports are the shared libraries, by their names. */
  readonly shared: string;
}

/** Read once instead of once for each function, which halves what a start and a long jump of the clock cost. */
const SHARED = /^(?:@aws-sdk\/[^/]+|luxon|zod)$/;

/**
 * `define` replaces names in the sources by JSON. Throws esbuild's error, which names the file and the line, when a source can't be
 * bundled.
 */
export async function bundle(
  entries: readonly string[],
  define: Readonly<Record<string, string>> = {},
): Promise<Bundles> {
  const unique = [...new Set(entries)];
  if (unique.length === 0) return { scripts: {}, shared: '' };
  const libraries = new Set<string>();
  const files = await bundled({
    entryPoints: Object.fromEntries(unique.map((entry, index) => [String(index), entry])),
    define: { ...define, 'import.meta.url': 'ownUrl' },
    // Where a library asks for its own place, it is told the script's: an ES module has one by itself.
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [leaveOut(libraries)],
  });
  const [shared] = await bundled({
    stdin: { contents: exportsOf([...libraries].sort()), resolveDir: PROJECT_ROOT },
    external: [TRANSPORT, SIGNATURES],
  });
  return {
    scripts: Object.fromEntries(
      files.map(({ path, text }) => [unique[Number(/(\d+)\.js$/.exec(path)?.[1])] ?? path, text]),
    ),
    shared: shared?.text ?? '',
  };
}

async function bundled(options: esbuild.BuildOptions): Promise<{ path: string; text: string }[]> {
  const { outputFiles = [] } = await esbuild.build({
    absWorkingDir: PROJECT_ROOT,
    outdir: 'out',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    // A script that is evaluated has `require` and no import of its own.
    supported: { 'dynamic-import': false },
    mainFields: [...esbuildOptions.mainFields],
    alias: esbuildOptions.alias,
    // Smaller scripts are read faster; names and lines stay, because somebody will read a stack trace.
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'silent',
    ...options,
  });
  return outputFiles;
}

/** Leaves the shared libraries to be required, and notes which they are. */
const leaveOut = (libraries: Set<string>): esbuild.Plugin => ({
  name: 'shared libraries',
  setup(build) {
    build.onResolve({ filter: SHARED }, ({ path }) => {
      libraries.add(path);
      return { path, external: true };
    });
  },
});

const exportsOf = (libraries: readonly string[]): string =>
  libraries
    .map((name, index) => `import * as library${index} from '${name}'; export { library${index} as '${name}' };`)
    .join('\n');
