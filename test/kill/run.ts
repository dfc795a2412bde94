/**
 * Kills the desk, again and again, and shows that it keeps its word: `npm run kill -- [--times 100] [--seed N]`. A desk on a folder of its
 * own is used by a few clients at once, killed at moments that the seed names, and started again; after each start, and whole at the end,
 * what it has kept is held against what its clients were told. SIGKILL leaves what the system has been given, so this shows nothing about
 * the loss of power.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Clients } from './clients.ts';
import { enginesGone } from './desk-process.ts';
import { begin, examine, live, type World } from './life.ts';
import { momentsOf } from './moments.ts';

// The SDK's warning about this machine's Node is not for who reads this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({ options: { times: { type: 'string', default: '100' }, seed: { type: 'string' } } });
const times = Number(values.times);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!(times >= 1) || !Number.isSafeInteger(times) || !Number.isSafeInteger(seed))
  throw new Error('--times and --seed are whole numbers');

const world: World = {
  folder: mkdtempSync(join(tmpdir(), 'makegood-kill-')),
  clients: new Clients(),
  deadlines: [],
  latest: 0,
  brokenBefore: false,
  kept: undefined,
  repeated: 0,
  settledAtStart: 0,
};

/** The last desk: everything that is in doubt is asked again, time passes, and it is ended in order. */
const finish = async (): Promise<string[]> => {
  const { desk, wrong } = await begin(world);
  const { clients } = world;
  wrong.push(...clients.books.inDoubt().map(({ marker }) => `${marker} is still in doubt`));
  for (const duration of ['PT10M', 'P2D', 'P8D']) {
    if (!(await clients.advance(duration))) wrong.push(`the clock could not be moved by ${duration}`);
    wrong.push(...(await examine(world)));
  }
  for (const { accountId, lots } of world.kept?.accounts ?? []) {
    const held = (lots as { remaining: number }[]).reduce((sum, { remaining }) => sum + remaining, 0);
    const { available } = await clients.get(`/v1/accounts/${accountId}/balance`);
    if (available !== held)
      wrong.push(`${accountId} is told a balance of ${String(available)} and has ${String(held)}`);
  }
  desk.signal('SIGTERM');
  const [code] = await desk.ended;
  if (code !== 0) wrong.push(`the desk ended with ${String(code)}: ${desk.said()}`);
  if ((await enginesGone(world.folder)) === undefined) wrong.push('an engine outlived its desk');
  return wrong;
};

const summary = (): string => {
  const { clients, kept, repeated, settledAtStart } = world;
  const { books } = clients;
  const count = (type: string) => kept?.events.filter((event) => event.type === type).length ?? 0;
  const names = kept?.letters.map(({ cause, to }) => `${cause} ${to}`) ?? [];
  return [
    `${String(books.count('done'))} requests acknowledged, ${String(books.count('refused'))} refused by the rules, ${String(repeated)} repeated`,
    `${String(kept?.tickets.length)} tickets, ${String(count('missed'))} misses, ${String(count('credited'))} credits, ${String(settledAtStart)} deadlines that passed while it was down`,
    `${String(names.length)} letters, ${String(names.length - new Set(names).size)} of them sent twice, ${String([...books.excused.values()].reduce((sum, one) => sum + one, 0))} killed between sending and recording`,
  ].join('; ');
};

say(`seed ${String(seed)}, folder ${world.folder}`);
const from = performance.now();
let wrong: string[] = [];
for (const [place, moment] of momentsOf(times, seed).entries()) {
  const lived = await live(world, moment);
  wrong = lived.wrong;
  const { books } = world.clients;
  say(
    `${String(place + 1)}/${String(times)} ${lived.told}; ${String(books.count('done'))} acknowledged, ${String(books.inDoubt().length)} in doubt, ${String(world.kept?.tickets.length ?? 0)} tickets`,
  );
  if (wrong.length > 0) break;
}
if (wrong.length === 0) wrong = await finish();
say(`${summary()}; ${((performance.now() - from) / 1000).toFixed(0)} s`);
for (const one of wrong.slice(0, 20)) say(`WRONG: ${one}`);
if (wrong.length > 0) {
  say(
    `${String(wrong.length)} found wrong. The folder is left as it is: ${world.folder}. To do the same again, as far as the machine lets it:`,
  );
  say(`npm run kill -- --times ${String(times)} --seed ${String(seed)}`);
  process.exit(1);
}
rmSync(world.folder, { recursive: true });
say('Nothing was lost, nothing was doubled, and every clock runs.');
