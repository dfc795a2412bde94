/**
 * One simulation from beginning to verdict: accounts settle in, lives are lived beside each other, everything is looked at on the way and
 * at the end. It owns the order of a run; what may go wrong is `trouble`.
 */
import type { Prepared } from '../../lib/local/prepare.ts';
import { Chance } from './chance.ts';
import { FrontDoor } from './front-door.ts';
import { begin } from './life.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';
import { settleIn } from './town.ts';
import type { Customer } from './town.ts';
import { look } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { startWorld, STARTS_AT } from './world.ts';
import type { Trouble, World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly tickets: number;
  readonly days: number;
  readonly prepared: Prepared;
  readonly trouble: (scheduler: Scheduler, chance: Chance) => Trouble & { readonly end?: (world: World) => void };
  /** So late may be what time has caused, ms. */
  readonly graceMs: number;
  readonly log: (line: string) => void;
  readonly onStep?: ((line: string) => void) | undefined;
  readonly onProgress: (line: string) => void;
}

export interface Outcome extends Verdict {
  readonly trace: string;
  readonly steps: number;
  readonly answers: ReadonlyMap<string, number>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_STEPS = 9;
/** Looks on the way. */
const LOOKS = 4;
/** Of all days, lives begin in this share. */
const BEGINNINGS = 0.6;

export const simulate = async (options: SimulationOptions): Promise<Outcome> => {
  const { seed, tickets, days, prepared, graceMs, log, onStep, onProgress } = options;
  const chance = new Chance(`seed ${String(seed)}`);
  const world = await startWorld({
    chance,
    prepared,
    trouble: (scheduler) => options.trouble(scheduler, chance),
    log,
    onStep,
  });
  try {
    const { desk, scheduler } = world;
    const { clock } = desk;
    const door = new FrontDoor(world);
    const endsAt = STARTS_AT + days * DAY;
    const lives: Life[] = [];
    const faults: string[] = [];
    const customers: Customer[] = [];
    const households = Math.max(3, Math.ceil(tickets / 20));
    for (let number = 0; number < households; number += 1) {
      const own = chance.of(`account ${String(number)}`);
      clock.at(STARTS_AT + (1 + Math.floor(number / 10)) * 1000, 'somebody settles in', () =>
        settleIn(door, own, number, (customer) => customers.push(customer)),
      );
    }
    const beginAt = STARTS_AT + HOUR;
    clock.at(beginAt, 'lives are planned', () => {
      customers.sort((a, b) => a.number - b.number);
      for (let number = 0; number < tickets; number += 1) {
        const own = chance.of(`life ${String(number)}`);
        const life: Life = {
          ...{ number, customer: own.pick(customers), chance: own, subject: `Problem ${String(number)}` },
          ...{ endsAt, acknowledged: false, deadlines: [], status: 'open', steps: 0 },
        };
        lives.push(life);
        const minutes = own.below(Math.floor((endsAt - beginAt) * BEGINNINGS) / 60_000);
        begin({ world, door, mostSteps: MOST_STEPS }, life, beginAt + minutes * 60_000);
      }
    });
    const lookAgain = (last: boolean): Promise<Verdict> =>
      new Promise((resolve, reject) => {
        // Alone: nothing goes on while the table is read.
        scheduler.hold(undefined, 'look', () => look(world, { lives, graceMs, last }).then(resolve, reject));
      });
    for (let hour = 1; hour <= days * 24; hour += 1) {
      await desk.moveTo(STARTS_AT + hour * HOUR);
      const begun = lives.filter(({ steps }) => steps > 0).length;
      onProgress(
        `day ${(hour / 24).toFixed(1)} of ${String(days)}, ${String(begun)} tickets, ${String(scheduler.steps)} calls`,
      );
      if (hour % Math.ceil((days * 24) / (LOOKS + 1)) === 0) faults.push(...(await lookAgain(false)).faults);
      if (faults.length > 0) break;
    }
    await desk.moveTo(Math.max(desk.clock.now(), endsAt) + 2 * HOUR);
    const verdict = await lookAgain(true);
    const dead = desk.deadLetters().map(({ body }) => `a dead letter: ${JSON.stringify(body).slice(0, 500)}`);
    const gaveUp = door.unanswered.map(({ route, key }) => `nobody answered ${route} (${key})`);
    return {
      ...verdict,
      faults: [...new Set([...faults, ...verdict.faults, ...dead, ...gaveUp, ...door.shameful])],
      ...{ trace: world.trace(), steps: scheduler.steps, answers: door.answers },
    };
  } finally {
    await world.stop();
  }
};
