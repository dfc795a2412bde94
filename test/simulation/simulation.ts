/**
 * One simulation from beginning to verdict: accounts settle in, lives are lived beside each other, everything is looked at on the way and
 * at the end. It owns the order of a run; what may go wrong is `trouble`.
 */
import type { Prepared } from '../../lib/local/prepare.ts';
import { Chance } from './chance.ts';
import { calm } from './calm.ts';
import { Faults } from './faults.ts';
import { FrontDoor } from './front-door.ts';
import { begin } from './life.ts';
import type { Life } from './life.ts';
import { settleIn } from './town.ts';
import type { Customer } from './town.ts';
import { look } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { startWorld, STARTS_AT } from './world.ts';
import type { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
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
const MOST_STEPS = 9;
/** Looks on the way. */
const LOOKS = 8;
/** Of all days, lives begin in this share. */
const BEGINNINGS = 0.6;
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
    const { clock } = desk;
    const door = new FrontDoor(world);
    const endsAt = STARTS_AT + days * DAY;
    const lives: Life[] = [];
    const wrong: string[] = [];
    const customers: Customer[] = [];
    const households = Math.max(3, Math.ceil(tickets / 20));
    for (let number = 0; number < households; number += 1) {
      const own = chance.of(`account ${String(number)}`);
      clock.at(STARTS_AT + (1 + Math.floor(number / 10)) * 1000, 'somebody settles in', () =>
        settleIn(door, own, number, (customer) => customers.push(customer)),
      );
    }
    const beginAt = STARTS_AT + HOUR;
    faults?.begin(world, { prepared, endsAt });
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
        scheduler.hold(undefined, 'look', () =>
          look(world, { lives, graceMs, calm: !options.faults, last }).then(resolve, reject),
        );
      });
    const until = async (moment: number): Promise<void> => {
      while (desk.clock.now() < moment) await desk.moveTo(Math.min(desk.clock.now() + STRIDE, moment));
    };
    for (let hour = 1; hour <= days * 24; hour += 1) {
      await until(STARTS_AT + hour * HOUR);
      const begun = lives.filter(({ steps }) => steps > 0).length;
      onProgress(
        `day ${(hour / 24).toFixed(1)} of ${String(days)}, ${String(begun)} tickets, ${String(scheduler.steps)} calls`,
      );
      if (hour % Math.ceil((days * 24) / (LOOKS + 1)) === 0) wrong.push(...(await lookAgain(false)).faults);
      if (wrong.length > 0) break;
    }
    // What is left under way comes to its end in peace.
    faults?.end();
    await until(desk.clock.now() + 2 * HOUR);
    const redriven = await redrive(world);
    const verdict = await lookAgain(true);
    const letters = faults === undefined ? desk.deadLetters() : [];
    const dead = letters.map(({ body }) => `a dead letter: ${JSON.stringify(body).slice(0, 500)}`);
    const gaveUp = door.unanswered.map(({ route, key }) => `nobody answered ${route} (${key})`);
    return {
      ...verdict,
      counts: { ...verdict.counts, redriven, ...faults?.counts },
      faults: [...new Set([...wrong, ...verdict.faults, ...dead, ...gaveUp, ...door.shameful])],
      ...{ trace: world.trace(), steps: scheduler.steps, answers: door.answers },
    };
  } finally {
    await world.stop();
  }
};

/** Hands dead letters of the bus and of schedules over again, as the one who is on call does. Answers how many there were. */
const redrive = async ({ desk }: World): Promise<number> => {
  const dead = desk
    .deadLetters()
    .map(({ body }) => body as { requestContext: { functionArn: string }; requestPayload?: unknown });
  for (const { requestContext, requestPayload } of dead) {
    const plan = desk.blueprint.functions.find(({ arn }) => requestContext.functionArn.startsWith(arn));
    if (plan !== undefined && requestPayload !== undefined) await desk.invoke(plan.entry, requestPayload);
  }
  await desk.moveTo(desk.clock.now() + HOUR);
  return dead.length;
};
