/**
 * Everybody in a simulation: the accounts that settle in, and the lives of tickets until enough of them were opened. It owns how many
 * there are and when they begin. The trap: many are refused, for want of units, or as nobody the desk knows; each is followed by somebody
 * else, so there are more lives than tickets.
 */
import type { Chance } from './chance.ts';
import type { FrontDoor } from './front-door.ts';
import { begin } from './life.ts';
import type { Life, Stage } from './life.ts';
import { settleIn } from './town.ts';
import type { Customer } from './town.ts';
import type { World } from './world.ts';
import { STARTS_AT } from './world.ts';

export interface CrowdOptions {
  readonly world: World;
  readonly door: FrontDoor;
  readonly chance: Chance;
  /** ms since the epoch. */
  readonly endsAt: number;
  /** So many are to be opened. */
  readonly tickets: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOST_STEPS = 9;
const TICKETS_PER_ACCOUNT = 20;
const FEWEST_ACCOUNTS = 3;
/** Of all days, lives begin in this share; the rest is for those who follow the refused. */
const BEGINNINGS = 0.6;
/** After so many refusals another account settles in: those that are there may have nothing left to ask with. */
const REFUSALS_PER_ACCOUNT = 10;

export class Crowd {
  readonly lives: Life[] = [];
  readonly #options: CrowdOptions;
  readonly #stage: Stage;
  readonly #customers: Customer[] = [];
  #accounts = 0;
  #refused = 0;

  constructor(options: CrowdOptions) {
    const { world, door } = options;
    this.#options = options;
    this.#stage = {
      ...{ world, door, mostSteps: MOST_STEPS },
      cameToNothing: () => {
        this.#follow();
      },
    };
  }

  /** Plans who settles in, and when the first lives begin. */
  begin(): void {
    const { world, endsAt, tickets } = this.#options;
    const households = Math.max(FEWEST_ACCOUNTS, Math.ceil(tickets / TICKETS_PER_ACCOUNT));
    for (let number = 0; number < households; number += 1)
      this.#settle(STARTS_AT + (1 + Math.floor(number / 10)) * 1000);
    const beginAt = STARTS_AT + HOUR;
    const minutes = Math.floor(((endsAt - beginAt) * BEGINNINGS) / MINUTE);
    world.desk.clock.at(beginAt, 'lives are planned', () => {
      for (let number = 0; number < tickets; number += 1)
        this.#live((chance) => beginAt + chance.below(minutes) * MINUTE);
    });
  }

  /** How many tickets were opened that somebody asked for; splits are not among them. */
  opened(): number {
    return this.lives.filter(({ ticketId }) => ticketId !== undefined).length;
  }

  #settle(at: number): void {
    const { world, door, chance } = this.#options;
    const number = this.#accounts;
    this.#accounts += 1;
    const own = chance.of(`account ${String(number)}`);
    world.desk.clock.at(at, 'somebody settles in', () =>
      settleIn(door, own, number, (customer) => {
        this.#customers.push(customer);
        this.#customers.sort((a, b) => a.number - b.number);
      }),
    );
  }

  #live(at: (chance: Chance) => number): void {
    const { chance, endsAt } = this.#options;
    const number = this.lives.length;
    const own = chance.of(`life ${String(number)}`);
    const life: Life = {
      ...{ number, customer: own.pick(this.#customers), chance: own, subject: `Problem ${String(number)}` },
      ...{ endsAt, acknowledged: false, deadlines: [], status: 'open', steps: 0 },
    };
    this.lives.push(life);
    begin(this.#stage, life, at(own));
  }

  /** Somebody else asks within the hour. */
  #follow(): void {
    const { world, endsAt } = this.#options;
    const now = world.desk.clock.now();
    this.#refused += 1;
    if (this.#refused % REFUSALS_PER_ACCOUNT === 0) this.#settle(now + MINUTE);
    if (now + HOUR < endsAt) this.#live((chance) => now + chance.between(1, 60) * MINUTE);
  }
}
