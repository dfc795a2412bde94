/**
 * The local desk: prepares, starts and stops its parts in the order in which they need each other. It owns nothing but that order.
 * The trap: whatever fails on the way up, what is already running must be stopped, or an engine stays behind.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Activity } from './activity.ts';
import type { JsonClient } from './aws/json-client.ts';
import { Objects } from './aws/objects.ts';
import { createTables } from './aws/tables.ts';
import { DeskClock } from './clock.ts';
import { keepClock, keptClock, Mover } from './control/mover.ts';
import { controlRoutes } from './control/routes.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import type { DeadLetter } from './functions/dead-letters.ts';
import type { Around, InvocationResult } from './functions/functions.ts';
import type { Log } from './functions/sandbox.ts';
import { lockFolder } from './folder-lock.ts';
import { startGateway } from './gateway/gateway.ts';
import type { Gateway } from './gateway/gateway.ts';
import { LocalIssuer } from './issuer.ts';
import type { Bearer } from './issuer.ts';
import { Journal } from './journal.ts';
import { mailFailer } from './mail/failing.ts';
import type { FailerOptions, MailFailer } from './mail/failing.ts';
import { MailReceiver } from './mail/receive.ts';
import type { Arrival, ReceiverOptions } from './mail/receive.ts';
import type { SmtpListener, SmtpOptions } from './mail/smtp.ts';
import { Outbox } from './mail/outbox.ts';
import type { SentMail } from './mail/outbox.ts';
import { prepare } from './prepare.ts';
import type { Prepared, Settings } from './prepare.ts';
import { openSecrets } from './secrets.ts';
import { Services } from './services.ts';
import type { Standing } from './states/standing.ts';
import { readTemplate } from './template/blueprint.ts';
import type { Blueprint } from './template/blueprint.ts';

export interface DeskOptions {
  /** What `prepare` made before; without it the desk prepares itself. */
  readonly prepared?: Prepared;
  /** Settings of the stack, when the desk prepares itself. */
  readonly settings?: Settings;
  /** Where settings come from that are not given; nothing is read from this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where mail is taken by SMTP; without it none is. */
  readonly smtp?: Pick<SmtpOptions, 'port' | 'orAnyPort' | 'verdicts'>;
  /** Where everything is kept; without it nothing is. */
  readonly dataDir?: string;
  /** Where the clock starts, ms since the epoch; a clock that was kept wins. Without both it is the machine's. */
  readonly startAt?: number;
  readonly log?: Log;
  /** A DynamoDB that already runs. */
  readonly engineEndpoint?: string;
  /** Stands around each invocation of a function. */
  readonly around?: Around;
}

export interface Desk {
  readonly url: string;
  /** Host and port where mail is taken by SMTP. */
  readonly smtp?: string;
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly blueprint: Blueprint;
  readonly engineEndpoint: string;
  /** DynamoDB as the functions call it: what is written here comes out of the streams, and what is written past it does not. */
  readonly tables: JsonClient;
  /** Where Step Functions, EventBridge and SES answer, for the AWS SDK or the AWS CLI. */
  readonly awsEndpoint: string;
  /** Invokes the function of an entry point, such as `lambdas/handlers/dispatch.lambda.ts`, as AWS would. */
  invoke(entry: string, event: unknown): Promise<InvocationResult>;
  /** Moves the clock to a moment, ms since the epoch, and waits until all that follows has settled. */
  moveTo(moment: number): Promise<void>;
  token(bearer: Bearer): Promise<string>;
  /** Takes a mail in as SES does, and answers its id; what becomes of it comes later. */
  acceptMail(arrival: Arrival): string;
  /** Lets the latest mail to an address fail. */
  readonly failMail: MailFailer;
  /** Replaces functions and state machines under whatever runs, as a deployment of this stack does. */
  deploy(prepared: Prepared): void;
  /** Every execution, the newest first. */
  executions(): Readonly<Standing>[];
  mails(): SentMail[];
  deadLetters(): DeadLetter[];
  /** Every object in every bucket. */
  objects(): Buffer[];
  /** What the functions have counted since the desk was started. */
  metrics(): Readonly<Record<string, number>>;
  /** Resolves, with the reason, when the desk can't go on because its engine has ended by itself. */
  readonly broken: Promise<Error>;
  stop(): Promise<void>;
}

type Stop = () => Promise<void> | void;

/** Starts a desk. Rejects when the template holds something it can't run, no engine can start, or the port is taken. */
export async function startDesk(options: DeskOptions = {}): Promise<Desk> {
  const stops: Stop[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return await start(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: DeskOptions, stops: Stop[], stop: () => Promise<void>): Promise<Desk> {
  const { dataDir, log = () => undefined } = options;
  if (dataDir !== undefined) stops.push(lockFolder(dataDir));
  const journal = openJournal(dataDir, stops);
  const starting = startEngine(engineOptions(options));
  stops.push(() => stopEngine(starting));
  const [engine, prepared] = await Promise.all([starting, preparedFor(options)]);
  const blueprint = readTemplate(prepared.template);
  const [issuer] = await Promise.all([
    LocalIssuer.open(journal, prepared.claims),
    createTables(engine.endpoint, blueprint.tables),
  ]);
  const onError = telling(log);
  const clock = openClock(journal, options.startAt, onError);
  const activity = new Activity();
  const { outbox, objects } = openStores({ dataDir, journal, clock, buckets: blueprint.buckets });
  const late = { secret: openSecrets(journal, blueprint.secrets), apiUrl: () => gateway.url };
  const services = await Services.create({
    ...{ blueprint, bundles: prepared.bundles, engineEndpoint: engine.endpoint, late },
    ...{ clock, activity, journal, outbox, objects, log, onError, around: options.around },
  });
  stops.push(() => services.stop());
  const { machines, schedules, functions, deadLetters, accept, publish } = services;
  const mover = new Mover({ clock, activity, schedules, journal });
  const invoke = (arn: string, event: unknown) => functions.invoke(arn, event);
  const { receiver, fail } = openMailRoom(blueprint, { objects, outbox, clock, invoke, accept, publish });
  const places = placesOf(blueprint, engine, services);
  const executions = () => blueprint.stateMachines.flatMap(({ arn }) => machines.listExecutions(arn));
  const gateway: Gateway = await startGateway({
    ...{ port: options.port ?? 0, routes: blueprint.routes, issuer, onError },
    now: () => clock.now(),
    invoke,
    local: controlRoutes({ issuer, clock, mover, outbox, executions, places, receiver, fail, activity }),
  });
  stops.push(() => closeDown(gateway, clock, activity));
  const smtp = options.smtp && (await startListener(options.smtp, receiver, onError));
  if (smtp) stops.push(() => smtp.stop());
  await takeUp(services, { mover, clock }, dataDir !== undefined);
  return {
    ...(smtp && { smtp: smtp.address }),
    ...{ url: gateway.url, clock, activity, blueprint, executions, stop, awsEndpoint: services.endpoint },
    ...{ engineEndpoint: engine.endpoint, tables: services.tables, broken: brokenBy(engine, dataDir) },
    invoke: (entry, event) => invoke(arnOf(blueprint, entry), event),
    moveTo: async (moment) => {
      await mover.move(() => moment);
    },
    token: (bearer) => issuer.token(bearer),
    acceptMail: (arrival) => receiver.accept(arrival),
    failMail: fail,
    deploy: (next) => {
      services.deploy(readTemplate(next.template), next.bundles);
    },
    mails: () => outbox.all(),
    deadLetters: () => deadLetters.all(),
    objects: () => objects.all(),
    metrics: () => services.metrics.sums(),
  };
}

const preparedFor = ({ prepared, settings, environment }: DeskOptions): Promise<Prepared> =>
  prepared ? Promise.resolve(prepared) : prepare(settings, environment);

const telling =
  (log: Log) =>
  (error: unknown): void => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

type MailRoom = Omit<ReceiverOptions, 'rules'> & Omit<FailerOptions, 'plans'>;

function openMailRoom({ receiptRules, mailEvents }: Blueprint, room: MailRoom) {
  return {
    receiver: new MailReceiver({ ...room, rules: receiptRules }),
    fail: mailFailer({ ...room, plans: mailEvents }),
  };
}

/**
 * A clock that was killed as it set itself has set itself again by now, and a time-out is a second at least, at a whole second: so
 * long, in real time, until it rings for what is overdue.
 */
const SETS_AGAIN_MS = 2_000;

/**
 * What was promised while a former desk was down is settled before this one says that it is there: by the tickets' own clocks first,
 * because the sweep takes a clock that is late for a dead one.
 */
async function takeUp(
  services: Services,
  { mover, clock }: { mover: Mover; clock: DeskClock },
  mayBeLate: boolean,
): Promise<void> {
  await services.start();
  if (mayBeLate) await mover.catchUp();
  if (mayBeLate && (clock.nextDueAt() ?? Infinity) < clock.now() + SETS_AGAIN_MS) {
    await pause(SETS_AGAIN_MS);
    await mover.catchUp();
  }
  services.schedules.start();
  if (mayBeLate) await mover.catchUp();
}

function openJournal(dataDir: string | undefined, stops: Stop[]): Journal {
  const journal = new Journal(dataDir === undefined ? undefined : join(dataDir, 'journal.jsonl'));
  stops.push(() => {
    journal.close();
  });
  return journal;
}

/** Where an operator's commands find the stack's parts. */
function placesOf({ outputs }: Blueprint, engine: Engine, services: Services) {
  return { outputs, endpoints: { dynamodb: engine.endpoint, aws: services.endpoint } };
}

async function startListener(
  settings: NonNullable<DeskOptions['smtp']>,
  receiver: MailReceiver,
  onError: (error: unknown) => void,
): Promise<SmtpListener> {
  // Loaded here, because most desks of the tests take no mail by SMTP.
  const { startSmtp } = await import('./mail/smtp.ts');
  return startSmtp({
    ...settings,
    takes: (recipient) => receiver.takes(recipient),
    accept: (arrival) => receiver.accept(arrival),
    onError,
  });
}

interface StoreOptions {
  readonly dataDir: string | undefined;
  readonly journal: Journal;
  readonly clock: DeskClock;
  readonly buckets: readonly string[];
}

function openStores({ dataDir, journal, clock, buckets }: StoreOptions): { outbox: Outbox; objects: Objects } {
  const within = (name: string) => (dataDir === undefined ? {} : { folder: join(dataDir, name) });
  return {
    outbox: new Outbox({ journal, clock, ...within('mail') }),
    objects: new Objects({ buckets, ...within('objects') }),
  };
}

function arnOf({ functions }: Blueprint, entry: string): string {
  const plan = functions.find((one) => one.entry === entry);
  if (plan === undefined) throw new Error(`The stack has no function with the entry point ${entry}.`);
  return plan.arn;
}

function engineOptions({ dataDir, engineEndpoint }: DeskOptions): Parameters<typeof startEngine>[0] {
  return {
    ...(dataDir !== undefined && { dataDir: join(dataDir, 'tables') }),
    ...(engineEndpoint !== undefined && { endpoint: engineEndpoint }),
  };
}

/** A half-dead desk would refuse every request and settle nothing; what it answered for is in the folder. */
async function brokenBy(engine: Engine, dataDir: string | undefined): Promise<Error> {
  await (engine.endedByItself ?? new Promise<never>(() => undefined));
  const fate =
    dataDir === undefined
      ? 'Its data was in memory and is gone; set DATA_DIR to keep it.'
      : `Everything that the desk has answered for is in ${dataDir}: start it again.`;
  return new Error(`The desk's database (${engine.name}, process ${String(engine.pid)}) has ended by itself. ${fate}`);
}

/** An engine that never came up needs no stopping; its error is the start's own. */
async function stopEngine(starting: Promise<Engine>): Promise<void> {
  const engine = await starting.catch(() => undefined);
  await engine?.stop();
}

function openClock(journal: Journal, startAt: number | undefined, onError: (error: unknown) => void): DeskClock {
  const moment = keptClock(journal) ?? startAt;
  const clock = new DeskClock({ ...(moment !== undefined && { startAt: moment }), onError });
  keepClock(journal, clock.now());
  return clock;
}

/** What is under way when the desk ends gets so long to finish, in real time; the journal keeps what does not. */
const PATIENCE_MS = 3_000;

async function closeDown(gateway: Gateway, clock: DeskClock, activity: Activity): Promise<void> {
  clock.stop();
  const patience = new AbortController();
  const settled = Promise.all([gateway.stop(), activity.settled().catch(() => undefined)]);
  await Promise.race([settled, pause(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
}
