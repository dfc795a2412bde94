/**
 * The state machines of the local desk and their executions: what Step Functions is to the functions. It must not know what the
 * machines are for, nor HTTP. The trap: executions follow the definition they were started with, also after a restart with a
 * newer one.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Activity } from '../activity.ts';
import type { DeskClock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { calls } from './calls.ts';
import type { Integrations } from './calls.ts';
import { readDefinition } from './definition.ts';
import type { Definition } from './definition.ts';
import { Execution } from './execution.ts';
import type { World } from './execution.ts';
import { DefinitionError, StatesError } from './failure.ts';
import { StandingBook } from './standing.ts';
import type { HistoryEntry, Outcome, Standing, Status } from './standing.ts';
import { Tokens } from './tokens.ts';

export interface MachineSource {
  readonly arn: string;
  readonly name: string;
  /** JSON text, or what it parses to. */
  readonly definition: string | object;
}

export interface StateMachinesOptions {
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly journal: Journal;
  readonly integrations: Integrations;
  readonly machines: readonly MachineSource[];
  /** Chance for the jitter of retries, in [0, 1). */
  readonly random?: () => number;
  /** Hears of each execution that has closed, however it did. */
  readonly onClosed?: (standing: Readonly<Standing>) => void;
}

export interface StartRequest {
  readonly stateMachineArn: string;
  readonly name?: string | undefined;
  /** JSON text. */
  readonly input?: string | undefined;
}

export interface Started {
  readonly executionArn: string;
  /** In ms since the epoch. */
  readonly startedAt: number;
}

/** As on AWS, a closed execution and its name are forgotten after 90 days. */
const rememberedFor = 90 * 24 * 3_600_000;

export class StateMachines {
  readonly #world: World;
  readonly #journal: Journal;
  /** Which text of its definition each machine starts executions with. */
  readonly #current = new Map<string, string>();
  readonly #definitions = new Map<string, Definition>();
  readonly #executions = new Map<string, Execution>();

  /** Reads the definitions and the journal; nothing runs before `resume`. Throws a DefinitionError. */
  constructor(options: StateMachinesOptions) {
    const { clock, activity, journal, integrations, machines } = options;
    const { random = Math.random, onClosed = () => undefined } = options;
    this.#journal = journal;
    const book = new StandingBook(journal);
    this.#world = {
      ...{ clock, activity, book, random, onClosed },
      tokens: new Tokens(journal),
      calls: calls(integrations, (request) => this.startExecution(request)),
    };
    this.deploy(machines);
    for (const standing of book.all()) {
      if (this.#isForgotten(standing)) book.forget(standing);
      else this.#executions.set(standing.arn, this.#load(standing));
    }
  }

  /** Executions that start from now on follow these definitions; those that run go on as they began. Throws a DefinitionError. */
  deploy(machines: readonly MachineSource[]): void {
    for (const machine of machines) this.#current.set(machine.arn, this.#read(machine));
  }

  /** Lets the executions of the journal go on. Call it once, when the integrations can be called. */
  resume(): void {
    for (const execution of [...this.#executions.values()]) execution.resume();
  }

  /** Throws a StatesError, as all below do, with the code that AWS answers. */
  startExecution({ stateMachineArn, name = randomUUID(), input = '{}' }: StartRequest): Started {
    const definitionId = this.#current.get(stateMachineArn);
    if (definitionId === undefined) {
      throw new StatesError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
    }
    checkName(name);
    if (!isJson(input)) throw new StatesError('InvalidExecutionInput', 'The input is not JSON');
    const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = this.#executions.get(arn)?.standing;
    if (known !== undefined && !this.#isForgotten(known)) {
      if (known.status === 'RUNNING' && known.input === input) return { executionArn: arn, startedAt: known.startedAt };
      throw new StatesError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    if (known !== undefined) this.#world.book.forget(known);
    const startedAt = this.#world.clock.now();
    const machine = { machineArn: stateMachineArn, definitionId };
    const count = { transitions: 0, historyLength: 0 };
    const execution = this.#load({ arn, name, ...machine, input, status: 'RUNNING', startedAt, ...count });
    this.#executions.set(arn, execution);
    execution.begin();
    return { executionArn: arn, startedAt };
  }

  describeExecution(executionArn: string): Readonly<Standing> {
    return structuredClone(this.#execution(executionArn).standing);
  }

  /** The newest first. */
  listExecutions(stateMachineArn: string, status?: Status): Readonly<Standing>[] {
    if (!this.#current.has(stateMachineArn)) {
      throw new StatesError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
    }
    return [...this.#executions.values()]
      .map(({ standing }) => standing)
      .filter((each) => each.machineArn === stateMachineArn && (status === undefined || each.status === status))
      .reverse()
      .sort((a, b) => b.startedAt - a.startedAt)
      .map((standing) => structuredClone(standing));
  }

  /** What happened, the oldest first: states entered, tasks that failed or timed out, how it ended. */
  executionHistory(executionArn: string): HistoryEntry[] {
    return this.#world.book.history(this.#execution(executionArn).standing.arn);
  }

  stopExecution(executionArn: string, error?: string, cause?: string): void {
    this.#execution(executionArn).abort(error, cause);
  }

  /** `output` is JSON text. */
  sendTaskSuccess(taskToken: string, output: string): void {
    if (!isJson(output)) throw new StatesError('InvalidOutput', 'The output is not JSON');
    this.#signal(taskToken, { output: JSON.parse(output) });
  }

  sendTaskFailure(taskToken: string, error = '', cause = ''): void {
    this.#signal(taskToken, { error, cause });
  }

  #signal(taskToken: string, outcome: Outcome): void {
    const owner = this.#world.tokens.read(taskToken);
    if (owner === undefined) throw new StatesError('InvalidToken', `Invalid Token: '${taskToken}'`);
    const taken = this.#executions.get(owner.executionArn)?.signal(owner.attempt, outcome) ?? false;
    if (!taken) throw new StatesError('TaskTimedOut', 'Task Timed Out: the provided task does not exist anymore');
  }

  #execution(arn: string): Execution {
    const execution = this.#executions.get(arn);
    if (execution === undefined) throw new StatesError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  #isForgotten({ stoppedAt }: Standing): boolean {
    return stoppedAt !== undefined && this.#world.clock.now() - stoppedAt > rememberedFor;
  }

  #load(standing: Standing): Execution {
    return new Execution(standing, this.#definition(standing.definitionId), this.#world);
  }

  #read({ name, definition }: MachineSource): string {
    try {
      return this.#addDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition));
    } catch (error) {
      if (error instanceof DefinitionError) throw new DefinitionError(`${name}: ${error.message}`, { cause: error });
      throw error;
    }
  }

  /** Keeps the text, so that executions can be gone on with when the machine's definition is another. */
  #addDefinition(text: string): string {
    const definition = readDefinition(text);
    const id = createHash('sha256').update(text).digest('base64url');
    this.#definitions.set(id, definition);
    this.#journal.set(definitionKey(id), text);
    return id;
  }

  #definition(id: string): Definition {
    const known = this.#definitions.get(id);
    if (known !== undefined) return known;
    const text = this.#journal.get(definitionKey(id));
    if (typeof text !== 'string') throw new Error(`The journal lost the definition ${id} of a state machine`);
    this.#addDefinition(text);
    return this.#definition(id);
  }
}

const definitionKey = (id: string): string => `states/definition/${id}`;

/** What AWS refuses in a name: more than 80 characters, white space, brackets, wildcards, special and control characters. */
const checkName = (name: string): void => {
  if (!/^[\w.+=@-]{1,80}$/.test(name)) throw new StatesError('InvalidName', `Invalid Name: '${name}'`);
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
