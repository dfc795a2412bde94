/**
 * Turns the sources of all functions into one script each, in one run of esbuild. The options are those of the deployment
 * (`lib/bundling.ts`) where they decide what code runs; the format is CommonJS, because a script can be evaluated with a
 * `process` of its own and an ES module can't.
 */
import { build } from 'esbuild';
import { mainFields } from '../../bundling.ts';
import { PROJECT_ROOT } from '../project-root.ts';

/** The script of each entry, by the entry's path from the project's root. */
export type Bundles = Readonly<Record<string, string>>;

/** `define` replaces names in the sources by JSON. Throws esbuild's error, which names the file and the line, when a source can't be bundled. */
export async function bundle(
  entries: readonly string[],
  define: Readonly<Record<string, string>> = {},
): Promise<Bundles> {
  const unique = [...new Set(entries)];
  if (unique.length === 0) return {};
  const { outputFiles } = await build({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: Object.fromEntries(unique.map((entry, index) => [String(index), entry])),
    outdir: 'out',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    // A script that is evaluated has `require` and no import of its own.
    supported: { 'dynamic-import': false },
    mainFields: [...mainFields],
    define: { ...define, 'import.meta.url': 'ownUrl' },
    // Where a library asks for its own place, it is told the script's: an ES module has one by itself.
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
    // Smaller scripts are read faster; names and lines stay, because somebody will read a stack trace.
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [unique[Number(/(\d+)\.js$/.exec(path)?.[1])] ?? path, text]),
  );
}
