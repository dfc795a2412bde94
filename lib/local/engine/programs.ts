/**
 * How each local DynamoDB is started: where its program is and with what arguments. It must not start anything itself. The trap:
 * neither package is sure to be there, so finding one answers undefined rather than throwing.
 */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

export type EngineName = 'dynoxide' | 'dynamodb-local';

export interface Program {
  readonly name: EngineName;
  readonly command: string;
  /** Arguments for a port, and for a directory where its data is kept; in memory without one. */
  readonly args: (port: number, dataDir: string | undefined) => string[];
  readonly directory?: string;
  /** How long it may take until it answers, in ms: a JVM on a busy machine takes seconds. */
  readonly startsWithinMs: number;
}

const require = createRequire(import.meta.url);

/** The native binary, or undefined where the platform has none. */
export const findDynoxide = (): Program | undefined => {
  const folder = packageFolder(`@dynoxide/${process.platform}-${process.arch}`);
  if (folder === undefined) return undefined;
  const command = join(folder, 'dynoxide');
  if (!canRun(command)) return undefined;
  return {
    name: 'dynoxide',
    command,
    args: (port, dataDir) => [
      ...['serve', '--host', '127.0.0.1', '--port', String(port)],
      ...(dataDir === undefined ? [] : ['--db-path', join(prepared(dataDir), 'dynoxide.db')]),
    ],
    startsWithinMs: 10_000,
  };
};

/** Compiled once and collected by one thread, it is ready in half the time and has taken half of the processor. */
const STARTS_SOON = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** AWS's own DynamoDB Local, or undefined where the package or Java is missing. */
export const findDynamoDbLocal = (): Program | undefined => {
  const folder = packageFolder('amplify-dynamodb-simulator');
  const java = findJava();
  if (folder === undefined || java === undefined) return undefined;
  const directory = join(folder, 'emulator');
  if (!existsSync(join(directory, 'DynamoDBLocal.jar'))) return undefined;
  return {
    name: 'dynamodb-local',
    command: java,
    directory,
    args: (port, dataDir) => [
      ...STARTS_SOON,
      ...['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', '-disableTelemetry'],
      ...['-sharedDb', '-port', String(port)],
      ...(dataDir === undefined ? ['-inMemory'] : ['-dbPath', prepared(dataDir)]),
    ],
    startsWithinMs: 20_000,
  };
};

const packageFolder = (name: string): string | undefined => {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
};

const findJava = (): string | undefined => {
  const { JAVA_HOME, PATH } = process.env;
  const folders = [...(JAVA_HOME ? [join(JAVA_HOME, 'bin')] : []), ...(PATH ?? '').split(delimiter).filter(Boolean)];
  return folders.map((folder) => join(folder, 'java')).find(canRun);
};

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const prepared = (dataDir: string): string => {
  mkdirSync(dataDir, { recursive: true });
  return dataDir;
};
