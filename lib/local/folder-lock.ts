/**
 * Keeps two desks out of one folder: a file there names the process that has it. It must not know what is in the folder. The trap: a
 * desk that was killed leaves its file behind, and its process id may be another program's by now; where the system tells when a
 * process started, that is compared too.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';

const FILE = 'desk.lock';

const holderSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string().optional() });
type Holder = z.infer<typeof holderSchema>;

/** Takes the folder, making it where it is not there, and answers how to give it back. Throws when another desk has it. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, FILE);
  const own = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) });
  const candidate = `${path}.${randomUUID()}`;
  writeFileSync(candidate, own);
  const release = () => {
    rmSync(path, { force: true });
  };
  try {
    if (taken(candidate, path)) return release;
    putAside(path, folder);
    if (taken(candidate, path)) return release;
    throw inUse(folder, read(path));
  } finally {
    unlinkSync(candidate);
  }
}

/** Whether the file is now ours: a link is made in one step, and only where nothing is. */
function taken(candidate: string, path: string): boolean {
  try {
    linkSync(candidate, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes what a dead desk left. Throws when its holder lives. */
function putAside(path: string, folder: string): void {
  const holder = read(path);
  if (holder && lives(holder)) throw inUse(folder, holder);
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Another desk may have been quicker, and it is its file that was put aside.
  const moved = read(aside);
  if (moved && lives(moved)) {
    renameSync(aside, path);
    throw inUse(folder, moved);
  }
  unlinkSync(aside);
}

const inUse = (folder: string, holder: Holder | undefined): Error =>
  new Error(
    `Another desk${holder ? ` (process ${holder.pid})` : ''} keeps its data in ${folder}. ` +
      'Stop it first, or set DATA_DIR to another folder.',
  );

/** The holder, or nothing where there is no file or one that was never finished. */
function read(path: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function lives({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return startedAt === undefined || now === undefined || now === startedAt;
}

/** When a process started, in the system's own count since this boot; unknown where there is no such file. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name of the program stands in brackets and may hold anything; the start is the 20th field after it.
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return undefined;
  }
}
