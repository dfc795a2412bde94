/**
 * One execution: enters states, makes their calls, waits for signals and deadlines, follows retriers and catchers. It must not
 * know what the calls do. The trap: several things may end an attempt (its answer, a signal, its timeout), and only the first
 * counts; `#take` decides.
 */
import type { Activity } from '../activity.ts';
import type { DeskClock, Timer } from '../clock.ts';
import type { Call } from './calls.ts';
import type { CallName, Definition, State, TaskState } from './definition.ts';
import { bindingsOf } from './context.ts';
import type { Extra } from './context.ts';
import { choose, failureOf, timeoutMs } from './evaluate.ts';
import type { Bindings, Template } from './expressions.ts';
import { asFailure, TaskFailure, timeout } from './failure.ts';
import { reactionTo } from './retry.ts';
import type { HistoryEntry, Outcome, Position, Standing, StandingBook, Status } from './standing.ts';
import type { Tokens } from './tokens.ts';

export interface World {
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly tokens: Tokens;
  readonly calls: Record<CallName, Call>;
  readonly book: StandingBook;
  readonly random: () => number;
  /** Hears of each execution that has closed, however it did. */
  readonly onClosed: (standing: Readonly<Standing>) => void;
}

/** An execution ends after a year, whatever its states wait for. */
const longestLife = 365 * 24 * 3_600_000;

/**
 * Time-outs are whole seconds and, as on AWS, not exact to the millisecond: here they come at the next whole second, never early.
 * So waits that end within one second end at one moment, and a jump of the clock goes through them at once.
 */
const atWholeSecond = (moment: number): number => Math.ceil(moment / 1000) * 1000;

export class Execution {
  readonly standing: Standing;
  readonly #definition: Definition;
  readonly #world: World;
  readonly #input: unknown;
  /** The attempt that nothing has ended yet. */
  #open: number | undefined;
  /** The timeout of the attempt, or the pause before the next. */
  #timer: Timer | undefined;
  #lifetime: Timer | undefined;

  constructor(standing: Standing, definition: Definition, world: World) {
    this.standing = standing;
    this.#definition = definition;
    this.#world = world;
    this.#input = JSON.parse(standing.input);
  }

  begin(): void {
    this.#note('ExecutionStarted', {});
    this.#setLifetime();
    this.#enter(this.#definition.startAt, this.#input);
  }

  /** Goes on where the journal says it stood. */
  resume(): void {
    const { position } = this.standing;
    if (position === undefined) return;
    this.#setLifetime();
    if (position.signalled !== undefined) {
      this.#follow(position.signalled);
    } else if (position.parked !== undefined) {
      this.#open = this.standing.transitions;
      this.#setTimeout(position.parked.dueAt);
    } else if (position.retryAt !== undefined) {
      this.#pauseUntil(position.retryAt);
    } else {
      this.#enter(position.state, position.input);
    }
  }

  /** Ends the wait of an attempt; false when that wait is over. What is accepted is kept before this returns. */
  signal(attempt: number, outcome: Outcome): boolean {
    const { position } = this.standing;
    if (position === undefined || !this.#take(attempt)) return false;
    position.signalled = outcome;
    this.#save();
    this.#follow(outcome);
    return true;
  }

  abort(error?: string, cause?: string): void {
    this.#close('ABORTED', { error, cause });
  }

  #enter(name: string, input: unknown): void {
    if (this.standing.status !== 'RUNNING') return;
    const state = this.#definition.states.get(name);
    if (state === undefined) throw new TaskFailure('States.Runtime', `There is no state ${name}`);
    this.standing.position = { state: name, input, enteredAt: this.#world.clock.now(), retries: [] };
    this.standing.transitions += 1;
    this.#note(`${state.type}StateEntered`, { state: name });
    this.#save();
    this.#work(() => this.#perform(state));
  }

  /** Everything under way goes through here, so that the desk knows of it and no failure gets lost. */
  #work(step: () => Promise<void>): void {
    void this.#world.activity.run(async () => {
      try {
        await step();
      } catch (error) {
        this.#fail(asFailure(error));
      }
    });
  }

  async #perform(state: State): Promise<void> {
    switch (state.type) {
      case 'Task':
        return this.#attempt(state);
      case 'Choice': {
        const bindings = this.#bindings();
        const { next, output } = await choose(state, bindings);
        this.#enter(next, await this.#output(output, bindings));
        return;
      }
      case 'Succeed':
        this.#succeed(await this.#output(state.output, this.#bindings()));
        return;
      case 'Fail':
        this.#fail(await failureOf(state, this.#bindings()));
    }
  }

  async #attempt(task: TaskState): Promise<void> {
    const attempt = this.standing.transitions;
    this.#open = attempt;
    let dueAt: number | undefined;
    let result: unknown;
    try {
      const token = this.#world.tokens.mint({ executionArn: this.standing.arn, attempt });
      const bindings = this.#bindings(task.waits ? { token } : {});
      const limit = await timeoutMs(task, bindings);
      const args = await this.#output(task.arguments, bindings);
      if (!this.#isOpen(attempt)) return;
      dueAt = limit === undefined ? undefined : atWholeSecond(bindings.at + limit);
      this.#setTimeout(dueAt);
      result = await this.#world.calls[task.call](args);
    } catch (error) {
      if (this.#take(attempt)) await this.#recover(task, asFailure(error));
      return;
    }
    if (task.waits) this.#park(attempt, dueAt);
    else if (this.#take(attempt)) await this.#conclude(task, result);
  }

  /** A signal may have come before the call was answered; then there is nothing left to wait for. */
  #park(attempt: number, dueAt: number | undefined): void {
    if (!this.#isOpen(attempt)) return;
    this.#position().parked = dueAt === undefined ? {} : { dueAt };
    this.#save();
  }

  /** Whoever takes an attempt first may end it. */
  #take(attempt: number): boolean {
    if (!this.#isOpen(attempt)) return false;
    this.#open = undefined;
    this.#timer?.cancel();
    return true;
  }

  /** A method, because the answer changes while an attempt awaits something. */
  #isOpen(attempt: number): boolean {
    return this.#open === attempt;
  }

  #follow(outcome: Outcome): void {
    const task = this.#task();
    this.#work(() =>
      'error' in outcome
        ? this.#recover(task, new TaskFailure(outcome.error, outcome.cause))
        : this.#conclude(task, outcome.output),
    );
  }

  async #conclude(task: TaskState, result: unknown): Promise<void> {
    let output: unknown;
    try {
      output = task.output === undefined ? result : await task.output(this.#bindings({ result }));
    } catch (error) {
      return this.#recover(task, asFailure(error));
    }
    if (task.next === undefined) this.#succeed(output);
    else this.#enter(task.next, output);
  }

  /** Retriers first, then catchers, then the execution fails. */
  async #recover(task: TaskState, failure: TaskFailure): Promise<void> {
    if (this.standing.status !== 'RUNNING') return;
    const position = this.#position();
    this.#note(failure.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', {
      state: position.state,
      error: failure.error,
      cause: failure.causeText,
    });
    delete position.parked;
    delete position.signalled;
    const reaction = reactionTo(failure.error, task, position.retries, this.#world.random);
    if (reaction.kind === 'fail') throw failure;
    if (reaction.kind === 'retry') {
      position.retries = reaction.retries;
      position.retryAt = this.#world.clock.now() + reaction.delayMs;
      this.#save();
      this.#pauseUntil(position.retryAt);
      return;
    }
    const errorOutput = { Error: failure.error, Cause: failure.causeText };
    const { next, output } = reaction.catcher;
    this.#enter(next, output === undefined ? errorOutput : await output(this.#bindings({ errorOutput })));
  }

  #pauseUntil(retryAt: number): void {
    const position = this.#position();
    this.#timer = this.#world.clock.at(retryAt, `retry of ${position.state} of ${this.standing.name}`, () => {
      delete position.retryAt;
      this.standing.transitions += 1;
      this.#save();
      this.#work(() => this.#perform(this.#task()));
    });
  }

  #setTimeout(dueAt: number | undefined): void {
    if (dueAt === undefined) return;
    const attempt = this.standing.transitions;
    const label = `timeout of ${this.#position().state} of ${this.standing.name}`;
    this.#timer = this.#world.clock.at(dueAt, label, () => {
      if (this.#take(attempt)) this.#work(() => this.#recover(this.#task(), timeout()));
    });
  }

  #setLifetime(): void {
    const endsAt = this.standing.startedAt + longestLife;
    this.#lifetime = this.#world.clock.at(endsAt, `end of ${this.standing.name}`, () => {
      this.#close('TIMED_OUT', { error: 'States.Timeout' });
    });
  }

  #succeed(output: unknown): void {
    this.#close('SUCCEEDED', { output: JSON.stringify(output) });
  }

  #fail(failure: TaskFailure): void {
    this.#close('FAILED', { error: failure.error, cause: failure.causeText });
  }

  #close(status: Exclude<Status, 'RUNNING'>, how: Pick<Standing, 'output' | 'error' | 'cause'>): void {
    if (this.standing.status !== 'RUNNING') return;
    this.#open = undefined;
    this.#timer?.cancel();
    this.#lifetime?.cancel();
    delete this.standing.position;
    Object.assign(this.standing, how, { status, stoppedAt: this.#world.clock.now() });
    this.#note(closings[status], { error: how.error, cause: how.cause });
    this.#save();
    this.#world.onClosed(this.standing);
  }

  #position(): Position {
    if (this.standing.position === undefined) throw new TaskFailure('States.Runtime', 'The execution is closed');
    return this.standing.position;
  }

  #task(): TaskState {
    const state = this.#definition.states.get(this.#position().state);
    if (state?.type !== 'Task') throw new TaskFailure('States.Runtime', 'Only a task waits');
    return state;
  }

  #output(template: Template | undefined, bindings: Bindings): Promise<unknown> {
    return template === undefined ? Promise.resolve(bindings.states.input) : template(bindings);
  }

  #bindings(extra: Extra = {}): Bindings {
    return bindingsOf(this.standing, this.#position(), this.#input, this.#world.clock.now(), extra);
  }

  #note(type: string, entry: Omit<HistoryEntry, 'type' | 'at'>): void {
    this.#world.book.note(this.standing, { type, at: this.#world.clock.now(), ...entry });
  }

  #save(): void {
    this.#world.book.save(this.standing);
  }
}

const closings = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;
