/**
 * Runs a program whose life is tied to this process: a small shell between the two reads a pipe from here and kills the program
 * when the pipe ends, which the operating system sees to however this process dies. It must not know what the program is. The
 * trap: the shell runs in a process group of its own, so that Ctrl-C in a terminal reaches the desk first and the desk stops in
 * order.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** Kills at once: the engines' files are write-ahead logged, and an answered write is in them. */
const supervisor = `
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
program=$!
echo "$program" >&3
exec 3>&-
{ cat <&4 >/dev/null; kill -KILL "$program"; } 2>/dev/null &
watcher=$!
wait "$program"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;
/** How long a program may take to end by itself before it is killed. */
const patienceMs = 2_000;
const keptOutput = 4_000;

export interface Supervised {
  /** The program's own process id. */
  readonly pid: number;
  /** The end of what the program has printed, for an error message. */
  printed(): string;
  running(): boolean;
  /** Resolves when the program has ended without being asked to. */
  readonly endedByItself: Promise<void>;
  /** Asks the program to end, kills it when it doesn't, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts the program. Throws when there is no shell; a program that can't run shows by not running. */
export const startSupervised = async (command: string, args: string[], directory?: string): Promise<Supervised> => {
  const shell = spawn('/bin/sh', ['-c', supervisor, 'supervisor', command, ...args], {
    cwd: directory,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  await once(shell, 'spawn');
  let printed = '';
  for (const output of [shell.stdout, shell.stderr]) {
    output.setEncoding('utf8').on('data', (chunk: string) => void (printed = (printed + chunk).slice(-keptOutput)));
  }
  // The shell may be gone before it is told to end.
  shell.stdin.on('error', () => undefined);
  const pid = await readPid(shell.stdio[3] as Readable);
  let asked = false;
  const endedByItself = new Promise<void>((resolve) => {
    const tell = () => {
      if (!asked) resolve();
    };
    if (isRunning(shell)) shell.once('exit', tell);
    else tell();
  });
  // A caller that forgets to stop the program must still be able to end.
  for (const handle of [shell, shell.stdin, shell.stdout, shell.stderr]) unref(handle);
  return {
    pid,
    printed: () => printed.trim(),
    running: () => isRunning(shell),
    endedByItself,
    stop: () => {
      asked = true;
      return stop(shell, pid);
    },
  };
};

const readPid = async (pipe: Readable): Promise<number> => {
  let text = '';
  for await (const chunk of pipe) text += String(chunk);
  if (!/^\d+\n$/.test(text)) throw new Error('The shell that runs the engine ended before it began');
  return Number(text);
};

const isRunning = (shell: ChildProcess): boolean => shell.exitCode === null && shell.signalCode === null;

const stop = async (shell: ChildProcess, pid: number): Promise<void> => {
  if (!isRunning(shell)) return;
  shell.ref();
  const gone = once(shell, 'exit');
  kill(pid);
  const impatience = setTimeout(() => shell.stdin?.end(), patienceMs);
  await gone;
  clearTimeout(impatience);
  shell.stdin?.destroy();
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It ended by itself between the two lines.
  }
};

const unref = (handle: object): void => {
  if ('unref' in handle && typeof handle.unref === 'function') Reflect.apply(handle.unref, handle, []);
};
