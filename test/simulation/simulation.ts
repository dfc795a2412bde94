/**
 * One simulation from beginning to verdict: accounts settle in, lives are lived beside each other, everything is looked at on the way and
 * at the end. It owns the order of a run; what may go wrong is `trouble`.
 */
import type { Prepared } from '../../lib/local/prepare.ts';
import { Chance } from './chance.ts';
import { calm } from './calm.ts';
import { redrive } from './dead-letters.ts';
import { Faults } from './faults.ts';
import { FrontDoor } from './front-door.ts';
import { Crowd } from './crowd.ts';
import { look } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { startWorld, STARTS_AT } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** So many are opened at least: who is refused is followed by somebody else. */
  readonly tickets: number;
  readonly days: number;
  readonly prepared: Prepared;
  /** Whether things go wrong. */
  readonly faults: boolean;
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
/** The local desk lets the sweep run once in a jump of its clock, so jumps are short. */
const STRIDE = HOUR / 4;
/** Looks on the way. */
const LOOKS = 8;
/** Clocks ring within the second after a deadline. */
const LATEST_MS = 2_000;
/** A clock that died or is late is found by the sweep; what the sweep meets with may fail for some time too. */
const LATEST_WITH_FAULTS_MS = HOUR;

export const simulate = async (options: SimulationOptions): Promise<Outcome> => {
  const { seed, tickets, days, prepared, log, onStep, onProgress } = options;
  const graceMs = options.faults ? LATEST_WITH_FAULTS_MS : LATEST_MS;
  const chance = new Chance(`seed ${String(seed)}`);
  let faults: Faults | undefined;
  const world = await startWorld({
    ...{ chance, prepared, log, onStep },
    trouble: (scheduler) => (options.faults ? (faults = new Faults(scheduler, chance)) : calm(scheduler)),
  });
  try {
    const { desk, scheduler } = world;
    const door = new FrontDoor(world);
    const endsAt = STARTS_AT + days * DAY;
    const wrong: string[] = [];
    faults?.begin(world, { prepared, endsAt });
    const town = new Crowd({ world, door, chance, endsAt, tickets });
    const { lives } = town;
    town.begin();
    const lookAgain = (last: boolean, mailsHandedOver: ReadonlyMap<string, number>): Promise<Verdict> =>
      new Promise((resolve, reject) => {
        // Alone: nothing goes on while the table is read.
        scheduler.hold(undefined, 'look', () =>
          look(world, { lives, graceMs, calm: !options.faults, last, mailsHandedOver }).then(resolve, reject),
        );
      });
    const until = async (moment: number): Promise<void> => {
      while (desk.clock.now() < moment) await desk.moveTo(Math.min(desk.clock.now() + STRIDE, moment));
    };
    for (let hour = 1; hour <= days * 24; hour += 1) {
      await until(STARTS_AT + hour * HOUR);
      const now = `day ${(hour / 24).toFixed(1)} of ${String(days)}`;
      onProgress(`${now}, ${String(town.opened())} tickets, ${String(scheduler.steps)} calls`);
      if (hour % Math.ceil((days * 24) / (LOOKS + 1)) === 0) wrong.push(...(await lookAgain(false, new Map())).faults);
      if (wrong.length > 0) break;
    }
    // What is left under way comes to its end in peace.
    faults?.end();
    await until(desk.clock.now() + 2 * HOUR);
    const { letters: redriven, mails } = await redrive(world);
    await desk.moveTo(desk.clock.now() + HOUR);
    const verdict = await lookAgain(true, mails);
    const left = faults === undefined ? desk.deadLetters() : [];
    const dead = left.map(({ body }) => `a dead letter: ${JSON.stringify(body).slice(0, 500)}`);
    const few =
      wrong.length === 0 && town.opened() < tickets
        ? [`${String(town.opened())} of ${String(tickets)} tickets were opened`]
        : [];
    const gaveUp = door.unanswered.map(({ route, key }) => `nobody answered ${route} (${key})`);
    return {
      ...verdict,
      counts: { ...verdict.counts, redriven, ...faults?.counts },
      faults: [...new Set([...wrong, ...verdict.faults, ...dead, ...gaveUp, ...few, ...door.shameful])],
      ...{ trace: world.trace(), steps: scheduler.steps, answers: door.answers },
    };
  } finally {
    await world.stop();
  }
};
