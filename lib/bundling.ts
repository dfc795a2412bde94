/**
 * How a handler becomes the one file that Lambda runs. The SDK is bundled, so that what was tested is what runs. The banner
 * is there because some CommonJS dependencies call `require`, which an ES module does not have.
 */
import { readFileSync } from 'node:fs';
import { OutputFormat, type BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { programmeFiles } from '../lambdas/plans/catalogue.ts';
import { ProgrammeFileError, readCatalogue } from '../lambdas/plans/programme-file.ts';
import type { DeskConfig } from './config.ts';
import { refuse } from './settings.ts';

/** What decides which code runs, in esbuild's own words: the deployment, the local desk and the tests of sizes all take it from here. */
export const esbuildOptions = {
  format: 'esm',
  target: 'node24',
  minify: true,
  sourcesContent: false,
  mainFields: ['module', 'main'],
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  /** Seen from the project's root. */
  alias: { '@aws-sdk/credential-provider-node': './lambdas/handlers/credentials.ts' },
} as const;

const options: BundlingOptions = {
  format: OutputFormat.ESM,
  target: esbuildOptions.target,
  minify: esbuildOptions.minify,
  sourceMap: true,
  sourcesContent: esbuildOptions.sourcesContent,
  mainFields: [...esbuildOptions.mainFields],
  bundleAwsSDK: true,
  externalModules: [],
  banner: esbuildOptions.banner,
  esbuildArgs: Object.fromEntries(
    Object.entries(esbuildOptions.alias).map(([name, path]) => [`--alias:${name}`, path]),
  ),
};

/** Some editors begin a file with a byte order mark, which JSON does not know. */
const BYTE_ORDER_MARK = /^\uFEFF/;

const because = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(BYTE_ORDER_MARK, ''));
  } catch (cause) {
    return refuse([`programmes: ${path} can’t be read as JSON: ${because(cause)}`]);
  }
};

/**
 * The functions take these files on trust, so whatever is wrong with one has to show here. Nor may an id be that of a published plan where
 * these are left out, because explanations cite the published promises by it.
 */
const readProgrammes = (paths: readonly string[]): readonly unknown[] => {
  const files: unknown[] = [];
  for (const path of paths) {
    files.push(readJson(path));
    try {
      readCatalogue([...programmeFiles, ...files]);
    } catch (cause) {
      const complaints = cause instanceof ProgrammeFileError ? cause.complaints : [because(cause)];
      refuse(complaints.map((complaint) => `programmes: ${path}: ${complaint}`));
    }
  }
  return files;
};

/** Linux takes 131,072 characters as one argument of a command, and the bundler's whole command is one; the rest of it takes some 2,000. */
const MOST_CHARACTERS = 125_000;

const inlined = (paths: readonly string[]): string => {
  const text = Buffer.from(JSON.stringify(readProgrammes(paths))).toString('base64');
  if (text.length > MOST_CHARACTERS) {
    refuse([
      `programmes: ${String(text.length)} characters once they are packed, but the bundler has room for ${String(MOST_CHARACTERS)}: say what plans share once, in \`common\``,
    ]);
  }
  return JSON.stringify(text);
};

/** What the bundler puts in place of names in the sources. Base64, because the text passes a command line on its way. */
export const definitions = ({
  programmes,
  publishedPlans,
  queueShards,
}: Pick<DeskConfig, 'programmes' | 'publishedPlans' | 'queueShards'>): Record<string, string> => ({
  CONFIGURED_QUEUE_SHARDS: String(queueShards),
  ...(publishedPlans === 'left-out' && { LEAVES_OUT_PUBLISHED: 'true' }),
  ...(programmes.length > 0 && { ADDED_PROGRAMMES: inlined(programmes) }),
});

/** Throws a ConfigError where a programme file that the configuration names can't be read or does not fit. */
export const bundlingFor = (config: DeskConfig): BundlingOptions => ({ ...options, define: definitions(config) });
