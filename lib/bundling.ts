/**
 * How a handler becomes the one file that Lambda runs. The SDK is bundled, so that what was tested is what runs. The banner
 * is there because some CommonJS dependencies call `require`, which an ES module does not have.
 */
import { readFileSync } from 'node:fs';
import { OutputFormat, type BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { readProgrammeFile } from '../lambdas/plans/programme-file.ts';
import { ConfigError, type DeskConfig } from './config.ts';

const options: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  mainFields: ['module', 'main'],
  bundleAwsSDK: true,
  externalModules: [],
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
};

const readProgramme = (path: string): unknown => {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    readProgrammeFile(file);
    return file;
  } catch (cause) {
    throw new ConfigError(`programmes: ${path} is no programme file: ${String(cause)}`, { cause });
  }
};

/** What the bundler puts in place of names in the sources. Base64, because the text passes a command line on its way. */
export const definitions = ({ programmes }: Pick<DeskConfig, 'programmes'>): Record<string, string> =>
  programmes.length === 0
    ? {}
    : {
        ADDED_PROGRAMMES: JSON.stringify(Buffer.from(JSON.stringify(programmes.map(readProgramme))).toString('base64')),
      };

/** Throws a ConfigError where a programme file that the configuration names can't be read or does not fit. */
export const bundlingFor = (config: DeskConfig): BundlingOptions => ({ ...options, define: definitions(config) });

/** The fields that a handler's `main` is looked up in. */
export const mainFields: readonly string[] = options.mainFields ?? [];
