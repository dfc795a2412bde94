/**
 * A whole desk under one scheduler: its functions take turns call by call, its clock stands still between the moments to which the
 * simulation moves it, and its chance follows from the seed. It owns how the desk is driven, and must not know who uses it. The trap:
 * the process's own chance, clock and HTTP are taken over for good, so a process runs one simulation.
 */
import { AsyncResource } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import timers from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';
import { startDesk } from '../../lib/local/desk.ts';
import type { Desk } from '../../lib/local/desk.ts';
import { startEngine } from '../../lib/local/engine.ts';
import type { Invocation, InvocationResult } from '../../lib/local/functions/functions.ts';
import type { Prepared } from '../../lib/local/prepare.ts';
import { Chance, takeOverChance } from './chance.ts';
import { interceptHttp } from './network.ts';
import type { Request, Response } from './network.ts';
import { PostOffice } from './post-office.ts';
import { Scheduler } from './scheduler.ts';
import type { Run } from './scheduler.ts';
import { WrittenKeys } from './written-keys.ts';

/**
 * A Monday: the clocks of Europe change on the sixth day and those of America on the thirteenth, and on the seventh a month ends whose
 * successor begins with a working day, when incidents expire and reports are due. Far off, because an engine forgets what has expired by
 * the machine's own clock, which no seed decides; the holidays that the desk knows end in 2040.
 */
export const STARTS_AT = Date.parse('2038-10-25T08:00:00.000Z');

/** One call that leaves a run, or that Step Functions makes. */
export interface Call {
  readonly run: Run | undefined;
  /** Such as `DynamoDB_20120810.PutItem`, `SES.SendRawEmail` or `S3.GET`. */
  readonly operation: string;
  readonly body: string;
}
type Answer = (response: Response | 'lost') => void;

/** What may go wrong. Each answers whether it took the matter in hand. */
export interface Trouble {
  /** A call whose turn it is. `forward` lets it take effect. */
  onCall(call: Call, forward: () => Promise<Response>, answer: Answer): Promise<void>;
  onInvocation(invocation: Invocation, run: () => Promise<InvocationResult>): Promise<InvocationResult>;
  /** When a timer that is due at a moment (ms since the epoch) fires. */
  firesAt(dueAt: number, label: string): number;
}

export interface World {
  readonly desk: Desk;
  readonly scheduler: Scheduler;
  readonly postOffice: PostOffice;
  readonly writtenKeys: WrittenKeys;
  /** A digest of everything that happened, in its order. */
  readonly trace: () => string;
  readonly stop: () => Promise<void>;
}

export interface WorldOptions {
  readonly chance: Chance;
  readonly prepared: Prepared;
  readonly trouble: (scheduler: Scheduler) => Trouble;
  readonly log: (line: string) => void;
  /** Hears of each call, for looking into a difference between two runs. */
  readonly onStep?: ((line: string) => void) | undefined;
}

/** The date of requests that the desk's own client signs for form's sake. */
const UNSIGNED_AT = '20200101T000000Z';
/** Longer waits are watchdogs of real time, not steps of the work. */
const LONGEST_PAUSE_MS = 2_000;

const operationOf = ({ headers, method, body }: Request): string => {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target;
  if (method !== 'POST') return `S3.${method}`;
  return `SES.${new URLSearchParams(body.toString('utf8')).get('Action') ?? ''}`;
};

/** The local desk keeps the table's stream itself, and looks at an item to do so: that is no call of the product's. */
const isOwnLook = ({ headers, body }: Request, operation: string): boolean =>
  headers['x-amz-date'] === UNSIGNED_AT && operation.endsWith('.GetItem') && !body.includes('ProjectionExpression');

/** Pauses between attempts are turns like any other. */
const takeOverPauses = (scheduler: Scheduler): void => {
  const sleep = timers.setTimeout;
  const pause = (ms: number, value?: unknown, options?: object): Promise<unknown> => {
    const run = scheduler.current();
    return run === undefined ? sleep(ms, value, options) : scheduler.turn(run, 'pause').then(() => value);
  };
  Object.assign(timers, { setTimeout: pause });
  const later = globalThis.setTimeout;
  const shortly = (go: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): unknown => {
    const run = scheduler.current();
    if (run === undefined || ms > LONGEST_PAUSE_MS) return later(go, ms, ...args);
    scheduler.hold(run, 'timer', AsyncResource.bind(go.bind(undefined, ...args)));
    return undefined;
  };
  Object.assign(globalThis, { setTimeout: Object.assign(shortly, later) });
  syncBuiltinESMExports();
};

export const startWorld = async ({ chance, prepared, trouble, log, onStep }: WorldOptions): Promise<World> => {
  const scheduler = new Scheduler(chance.of('scheduler'));
  const rest = chance.of('rest');
  takeOverChance(() => scheduler.current()?.chance ?? rest);
  Date.now = () => STARTS_AT;
  const engine = await startEngine();
  const ports = new Set([Number(new URL(engine.endpoint).port)]);
  const digest = createHash('sha256');
  const step = (line: string): void => {
    digest.update(`${line}\n`);
    onStep?.(line);
  };
  const troubles = trouble(scheduler);
  const postOffice = new PostOffice();
  const writtenKeys = new WrittenKeys();
  const late: { desk?: Desk } = {};
  interceptHttp(
    (port) => ports.has(port),
    (request, forward, answer) => {
      const run = scheduler.current();
      const operation = operationOf(request);
      const body = request.body.toString('utf8');
      writtenKeys.saw(operation, body);
      if (isOwnLook(request, operation) || late.desk === undefined) {
        scheduler.besides(() => forward().catch(() => 'lost' as const), answer);
        return;
      }
      scheduler.hold(run, `~ ${operation} ${body}`, async () => {
        const who = run === undefined ? 'states' : `${run.name} ${String(run.number)}`;
        const what = operation.startsWith('SES')
          ? ''
          : createHash('sha256').update(body).digest('base64url').slice(0, 12);
        const call = { run, operation, body };
        const through = async () => {
          const response = await forward();
          if (response.status === 200) postOffice.saw(call, scheduler.steps);
          return response;
        };
        await troubles.onCall(call, through, (response) => {
          step(
            `${String(late.desk?.clock.now())} ${who} ${operation} ${what} ${response === 'lost' ? 'lost' : String(response.status)}`,
          );
          answer(response);
        });
      });
    },
  );
  takeOverPauses(scheduler);
  const desk = await startDesk({
    ...{ prepared, startAt: STARTS_AT, engineEndpoint: engine.endpoint, log },
    around: (invocation, run) => troubles.onInvocation(invocation, run),
  });
  late.desk = desk;
  ports.add(Number(new URL(desk.awsEndpoint).port));
  const { clock } = desk;
  const at = clock.at.bind(clock);
  clock.at = (dueAt, label, fire) => at(troubles.firesAt(dueAt, label), label, fire);
  return {
    desk,
    scheduler,
    postOffice,
    writtenKeys,
    trace: () => digest.copy().digest('hex'),
    stop: async () => {
      await desk.stop();
      await engine.stop();
    },
  };
};
