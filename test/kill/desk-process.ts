/**
 * The desk as `npm start` runs it, as a process of its own that can be killed. It must not know what is asked of the desk. The trap: the
 * engine is a process beside the desk's and has to be gone before the next desk takes its files, which is looked up in `/proc`, so this
 * runs on Linux alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../lib/local/project-root.ts';

export interface Ready {
  readonly url: string;
  readonly smtp: string;
}

export interface DeskProcess {
  /** Where it answers; rejects where the process ended before it was ready. */
  readonly ready: Promise<Ready>;
  /** Its exit code and signal. */
  readonly ended: Promise<[code: number | null, signal: string | null]>;
  /** What it has written to standard error. */
  readonly said: () => string;
  readonly signal: (signal: 'SIGKILL' | 'SIGTERM') => void;
}

export const launch = (folder: string): DeskProcess => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/desk.ts'], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, DATA_DIR: folder, PORT: '0', SMTP_PORT: '0', DYNAMODB_ENDPOINT: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit') as DeskProcess['ended'];
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const ready = Promise.race([
    line.then(([text]) => JSON.parse(text) as Ready),
    ended.then(([code]) => Promise.reject(new Error(`the desk ended with ${String(code)} as it started: ${said}`))),
  ]);
  // Who kills a desk that starts does not wait for it.
  ready.catch(() => undefined);
  return { ready, ended, said: () => said, signal: (signal) => child.kill(signal) };
};

export interface EngineProcess {
  readonly pid: number;
  readonly endpoint: string;
}

const argumentsOf = (pid: string): string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
};

/** The engines that have their files in a desk's folder. */
export const enginesOn = (folder: string): EngineProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const [program = '', ...args] = argumentsOf(pid);
      const isOurs = program.endsWith('/dynoxide') && args.some((one) => one.startsWith(join(folder, 'tables')));
      const port = args[args.indexOf('--port') + 1] ?? '';
      return isOurs ? [{ pid: Number(pid), endpoint: `http://127.0.0.1:${port}` }] : [];
    });

const ENGINE_IS_GONE_WITHIN_MS = 5_000;

/** How long it took until no engine was left, in ms, or nothing where one stayed. */
export const enginesGone = async (folder: string): Promise<number | undefined> => {
  const from = performance.now();
  while (enginesOn(folder).length > 0) {
    if (performance.now() - from > ENGINE_IS_GONE_WITHIN_MS) return undefined;
    await pause(2);
  }
  return performance.now() - from;
};
