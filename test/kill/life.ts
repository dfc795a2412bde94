/**
 * One life of a desk: it starts on the folder that the last one left, is held against what its clients know, works, and is killed. The
 * trap: what is found wrong while the desk works may only be half done, so it counts where it is still so once all has settled.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { unsettled, wrongs } from './check.ts';
import type { Clients } from './clients.ts';
import { enginesGone, enginesOn, launch, type DeskProcess } from './desk-process.ts';
import { letTimePass, lookAtTheDead, tearLastLine } from './folder.ts';
import { keptBy, type Kept } from './kept.ts';
import type { Moment } from './moments.ts';

/** What all lives of a run have in common. */
export interface World {
  readonly folder: string;
  readonly clients: Clients;
  /** What open tickets waited for when the last desk died. */
  deadlines: readonly string[];
  /** The latest moment that a desk has told. */
  latest: number;
  /** What failed with its database comes again some minutes later by the desk's clock. */
  brokenBefore: boolean;
  kept: Kept | undefined;
  repeated: number;
  settledAtStart: number;
}

/** Longer than any timer takes; what is later was not settled at the start. */
const LATE_MS = 60_000;
/** A machine that is very busy must not hold up the run. */
const LOAD_WITHIN_MS = 5_000;
const ENDS_WITHIN_MS = 5_000;

const look = async ({ folder, clients }: World): Promise<{ kept: Kept; now: number }> => {
  const [engine] = enginesOn(folder);
  if (engine === undefined) throw new Error('the desk has no engine');
  const kept = await keptBy(folder, engine.endpoint);
  return { kept, now: await clients.now() };
};

/** What is wrong with a desk that has just said that it is ready. */
export const examine = async (world: World): Promise<string[]> => {
  const { clients } = world;
  const now = await clients.now();
  const wrong = now < world.latest ? [`the clock went back to ${new Date(now).toISOString()}`] : [];
  world.latest = Math.max(world.latest, now);
  if (world.brokenBefore) await clients.advance('PT10M');
  world.brokenBefore = false;
  const first = await look(world);
  wrong.push(...unsettled(first.kept, now - LATE_MS));
  world.settledAtStart += world.deadlines.filter((at) => Date.parse(at) < now - LATE_MS).length;
  world.kept = first.kept;
  if (wrongs(first.kept, clients.books, first.now).length === 0) return wrong;
  // A letter that the dead desk had claimed is another run's for most of a minute, and tried again after it.
  await clients.advance('PT1M');
  const second = await look(world);
  world.kept = second.kept;
  return [...wrong, ...wrongs(second.kept, clients.books, second.now)];
};

/** Starts a desk and has it examined. Answers how long the start took, in ms, and what is wrong. */
export const begin = async (world: World): Promise<{ desk: DeskProcess; startMs: number; wrong: string[] }> => {
  const from = performance.now();
  const desk = launch(world.folder);
  await world.clients.meet(await desk.ready);
  const startMs = performance.now() - from;
  const wrong = await examine(world);
  world.repeated += await world.clients.repeat();
  return { desk, startMs, wrong };
};

const killDesk = async (desk: DeskProcess): Promise<string[]> => {
  desk.signal('SIGKILL');
  const [code, signal] = await desk.ended;
  return signal === 'SIGKILL' ? [] : [`the desk ended by itself with ${String(code)}: ${desk.said()}`];
};

/** A desk without its database has to end by itself and say why. */
const killEngine = async (desk: DeskProcess, folder: string): Promise<string[]> => {
  for (const { pid } of enginesOn(folder)) process.kill(pid, 'SIGKILL');
  const ended = await Promise.race([desk.ended, pause(ENDS_WITHIN_MS, undefined)]);
  if (ended === undefined) {
    desk.signal('SIGKILL');
    return ['the desk went on without its database'];
  }
  return ended[0] === 1 && desk.said().includes('has ended by itself')
    ? []
    : [`the desk ended with ${String(ended[0])} without its database and said: ${desk.said()}`];
};

/** Load until the moment has come. */
const workUntil = async (moment: Moment, { clients }: World, kill: () => Promise<string[]>): Promise<string[]> => {
  const stop = new AbortController();
  const working = clients.work(moment.seed, stop.signal);
  await Promise.race([clients.answered(moment.answers), working, pause(LOAD_WITHIN_MS)]);
  const moved = moment.kind === 'moving' ? clients.advance(moment.move) : undefined;
  await pause(moment.afterMs);
  stop.abort();
  const wrong = await kill();
  await Promise.all([working, moved]);
  return wrong;
};

/** What functions complained about, but for letters that the last desk had claimed; a desk whose database is gone has every reason to. */
const failures = (desk: DeskProcess, { kind }: Moment): string[] =>
  kind === 'engine'
    ? []
    : desk
        .said()
        .split('\n')
        .filter((line) => line.includes(' failed: ') && !line.includes('"errorType":"HeldLetterError"'));

/** The whole life, with its end. Answers what it did, in words, and what was found wrong. */
export const live = async (world: World, moment: Moment): Promise<{ told: string; wrong: string[] }> => {
  const { folder, clients } = world;
  let told: string;
  const wrong: string[] = [];
  let desk: DeskProcess;
  if (moment.kind === 'starting') {
    desk = launch(folder);
    await pause(moment.afterMs);
    wrong.push(...(await killDesk(desk)));
    told = `killed ${String(moment.afterMs)} ms after its start`;
  } else {
    const begun = await begin(world);
    desk = begun.desk;
    wrong.push(...begun.wrong);
    clients.books.forgives = moment.kind === 'engine';
    const kill = () => (moment.kind === 'engine' ? killEngine(desk, folder) : killDesk(desk));
    wrong.push(...(await workUntil(moment, world, kill)));
    clients.books.forgives = false;
    told = `started in ${(begun.startMs / 1000).toFixed(1)} s, ${moment.kind === 'engine' ? 'engine ' : ''}killed ${String(moment.afterMs)} ms into ${moment.kind === 'moving' ? `a move by ${moment.move}` : 'its work'}`;
  }
  if ((await enginesGone(folder)) === undefined) wrong.push('an engine outlived its desk');
  wrong.push(...failures(desk, moment));
  world.brokenBefore ||= moment.kind === 'engine';
  if (existsSync(join(folder, 'tables', 'dynoxide.db'))) {
    world.deadlines = (await lookAtTheDead(folder, clients.books)).deadlines;
    if (moment.downHours > 0) letTimePass(folder, moment.downHours);
    if (moment.tears) tearLastLine(folder);
    if (moment.downHours > 0) told += `, down for ${String(moment.downHours)} h`;
    if (moment.tears) told += ', a line torn';
  }
  return { told, wrong };
};
