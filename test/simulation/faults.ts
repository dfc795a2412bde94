/**
 * Everything that goes wrong with `--faults`: calls (`wire-faults.ts`), runs that are refused, doubled or end without anybody hearing of
 * it, clocks that fire late or die, mail that bounces, deployments under running executions. It counts what it did. The trap: what is
 * broken here must be what production breaks; a fault that could not happen makes the desk look bad for nothing.
 */
import type { Invocation, InvocationResult } from '../../lib/local/functions/functions.ts';
import type { Prepared } from '../../lib/local/prepare.ts';
import type { Chance } from './chance.ts';
import { nextRelease } from './next-release.ts';
import { sendDirectly } from './network.ts';
import type { Response } from './network.ts';
import { calmTurns } from './scheduler.ts';
import type { Run, Scheduler } from './scheduler.ts';
import { fateOfCall, fateOfStep } from './wire-faults.ts';
import type { Call, Trouble, World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DEAD = { errorType: 'Runtime.ExitError', errorMessage: 'Error: Runtime exited with error: signal: killed' };
const REFUSED = { errorType: 'Lambda.TooManyRequestsException', errorMessage: 'Rate Exceeded.' };

/** A clock that is to die so often, a letter that comes back, a deployment. */
const A_CLOCK_DIES_EVERY = 3 * HOUR;
const A_LETTER_BOUNCES_EVERY = 5 * HOUR;
const DEPLOYMENTS = 3;

export class Faults implements Trouble {
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #deaths = new Map<Run, () => void>();
  #world: World | undefined;
  #quiet = false;
  /** How often each thing went wrong. */
  readonly counts: Record<string, number> = {};

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler;
    this.#chance = chance.of('faults');
  }

  /** Plans what goes wrong by the clock until a moment, ms since the epoch. */
  begin(world: World, { prepared, endsAt }: { readonly prepared: Prepared; readonly endsAt: number }): void {
    this.#world = world;
    const { clock } = world.desk;
    const from = clock.now();
    const every = (ms: number, label: string, act: () => Promise<void> | void) => {
      for (let at = from + ms; at < endsAt; at += ms) clock.at(at, label, act);
    };
    every(A_CLOCK_DIES_EVERY, 'a clock dies', () => this.#killClock(world));
    every(A_LETTER_BOUNCES_EVERY, 'a letter bounces', () => {
      this.#bounce(world);
    });
    let release = 0;
    every(Math.floor((endsAt - from) / (DEPLOYMENTS + 1)), 'a deployment', () => {
      release += 1;
      world.desk.deploy(nextRelease(prepared, release));
      this.#count('deployments');
    });
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.#quiet = true;
  }

  async onCall(
    call: Call,
    forward: () => Promise<Response>,
    answer: (response: Response | 'lost') => void,
  ): Promise<void> {
    const { run, operation } = call;
    const fate = this.#quiet
      ? { kind: 'well' as const }
      : run === undefined
        ? fateOfStep(this.#chance)
        : fateOfCall(call, run.chance);
    if (fate.kind !== 'well')
      this.#count(`${fate.kind === 'crash' ? `crash ${fate.when}` : fate.kind} ${operation.replace(/^.*\./, '')}`);
    switch (fate.kind) {
      case 'well':
        answer(await forward());
        return;
      case 'crash':
        if (run !== undefined) await this.#crash(run, fate.when === 'after' ? await forward() : undefined, answer);
        return;
      case 'lost':
        await forward();
        answer('lost');
        return;
      case 'refused':
        answer(fate.answer);
        return;
      case 'denied':
        await forward();
        answer(fate.answer);
        return;
      case 'late':
        this.#later(fate.byMs, forward);
        answer(fate.answer);
    }
  }

  onInvocation({ plan }: Invocation, run: () => Promise<InvocationResult>): Promise<InvocationResult> {
    const name = plan.entry.replace(/^.*\/|\.lambda\.ts$/g, '');
    const once = () => this.#scheduler.begin(name, (self) => this.#live(self, run));
    return this.#quiet || !this.#chance.happens(0.03) ? once() : this.#twice(name, once);
  }

  firesAt(dueAt: number, label: string): number {
    if (this.#quiet || !label.startsWith('timeout of')) return dueAt;
    const how = this.#chance.weighted({ well: 80, late: 18, veryLate: 2 });
    if (how === 'well') return dueAt;
    this.#count('clocks late');
    return dueAt + (how === 'late' ? this.#chance.between(1, 90_000) : this.#chance.between(MINUTE, 15 * MINUTE));
  }

  /** At once beside each other, or one after the other; it failed where either did. */
  async #twice(name: string, once: () => Promise<InvocationResult>): Promise<InvocationResult> {
    this.#count(`doubled ${name}`);
    if (this.#chance.happens(0.5)) {
      const [one, other] = await Promise.all([once(), once()]);
      return one.failure ? one : other;
    }
    const one = await once();
    return one.failure ? one : once();
  }

  async #live(self: Run, run: () => Promise<InvocationResult>): Promise<InvocationResult> {
    const requestId = `run-${String(self.number)}`;
    await this.#scheduler.turn(self, 'start');
    if (!this.#quiet && self.chance.happens(0.01)) {
      this.#count(`refused ${self.name}`);
      return { requestId, failure: REFUSED };
    }
    const death = new Promise<InvocationResult>((resolve) => {
      this.#deaths.set(self, () => {
        resolve({ requestId, failure: DEAD });
      });
    });
    const result = await Promise.race([run(), death]);
    this.#deaths.delete(self);
    if (self.crashed || this.#quiet || !self.chance.happens(0.005)) return result;
    // It did all it had to do, and nobody heard of it.
    this.#count(`unheard ${self.name}`);
    return { requestId, failure: DEAD };
  }

  /**
   * The function is gone for everybody; what it asked for took effect or not. The desk's stream stands between the function and the
   * engine and has to hear the answer all the same; the function hears it too and does nothing more that anybody sees.
   */
  async #crash(run: Run, response: Response | undefined, answer: (response: Response) => void): Promise<void> {
    this.#kill(run);
    await calmTurns();
    if (response === undefined) return;
    answer(response);
    await calmTurns();
  }

  #kill(run: Run): void {
    this.#scheduler.crash(run);
    this.#deaths.get(run)?.();
  }

  #later(ms: number, forward: () => Promise<Response>): void {
    const clock = this.#world?.desk.clock;
    clock?.at(
      clock.now() + ms,
      'a late signal',
      () =>
        new Promise((resolve) => {
          this.#scheduler.hold(undefined, 'a late signal', async () => {
            await forward();
            resolve();
          });
        }),
    );
  }

  async #killClock({ desk }: World): Promise<void> {
    const running = desk.executions().filter(({ status }) => status === 'RUNNING');
    if (running.length === 0) return;
    const { arn } = this.#chance.pick(running);
    const body = Buffer.from(JSON.stringify({ executionArn: arn }));
    const headers = { 'x-amz-target': 'AWSStepFunctions.StopExecution', 'content-length': String(body.length) };
    await new Promise<void>((resolve) => {
      this.#scheduler.hold(undefined, 'a clock dies', async () => {
        await sendDirectly({ port: Number(new URL(desk.awsEndpoint).port), method: 'POST', path: '/', headers, body });
        resolve();
      });
    });
    this.#count('clocks died');
  }

  /** Of a customer's letter: for good, for now, or because its reader complained of it. */
  #bounce({ desk, postOffice }: World): void {
    const readers = [...new Set([...postOffice.sends().times.keys()].map((name) => name.split(' ')[1] ?? ''))]
      .filter((to) => /^(ann|uwe)\./.test(to))
      .sort();
    if (readers.length === 0) return;
    const type = this.#chance.weighted({ transient: 4, bounce: 1, complaint: 1 });
    desk.failMail({ to: this.#chance.pick(readers), type });
    this.#count(`mail failed: ${type}`);
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}
