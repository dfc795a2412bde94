/**
 * Woken every few minutes: finds open tickets whose deadline passed and was not settled, and starts a new generation of their
 * clock, the oldest first. It holds no rule; the clock that it starts asks the settle function at once. Because it looks anyway, it also
 * measures how overdue the oldest of them is, before it acts on any, and how long mails have waited in quarantine. Woken with a clock that
 * has died, it gives that one's ticket a new one at once. The trap: a clock that dies as soon as it is started may die again, so after some
 * such deaths its ticket waits for the sweep.
 */
import { fromMillis, toMillis, type Instant } from '../domain/time/instant.ts';
import { overdueTickets, quarantineStanding } from '../store/queue.ts';
import { raiseGeneration, standingOf } from '../store/standing.ts';
import { openTable } from '../store/table.ts';
import { openClock } from './clock.ts';
import { endedClock, type EndedClock } from './ended-clock.ts';
import {
  readEnvironment,
  replyEnvironment,
  meterEnvironment,
  tableEnvironment,
  workflowEnvironment,
} from './environment.ts';
import { openLog } from './log.ts';
import { openMeter } from './metrics.ts';
import { oldestFirst, restartAll, type Restart } from './overdue-clocks.ts';
import { scheduledMoment } from './schedule.ts';

const environment = readEnvironment(
  tableEnvironment
    .extend(workflowEnvironment.shape)
    .extend(meterEnvironment.shape)
    .extend(replyEnvironment.pick({ MAIL_DOMAIN: true }).shape),
);
const table = openTable(environment.TABLE_NAME);
const clock = openClock(environment.STATE_MACHINE_ARN);
const log = openLog();
const meter = openMeter(environment);

/** A living clock settles within seconds; what is later than this has lost its clock. */
const GRACE_MILLIS = 120_000;

/**
 * Starts the clock before raising the generation, so that a crash in between leaves a started clock, not a promised one. A clock that
 * parks raises the ticket's generation by itself.
 */
const restart = async (ticketId: string, before: Instant): Promise<Restart> => {
  const { wait } = (await standingOf(table, ticketId)) ?? {};
  if (!wait?.open || wait.deadlineAt === undefined || wait.deadlineAt >= before) return 'settled';
  await clock.start({ ...wait, generation: wait.generation + 1 });
  await raiseGeneration(table, ticketId, wait.generation);
  log.warn('clock restarted', { ticketId, generation: wait.generation + 1, deadlineAt: wait.deadlineAt });
  return 'restarted';
};

/** Longer than all retries of a clock's first call: what ends sooner may end by something that a new clock would meet again. */
const YOUNG_MILLIS = 5 * 60_000;
/** A clock that dies young is replaced at once only up to this generation; a ticket's clock seldom has so many before it. */
const MOST_GENERATIONS = 5;

/**
 * Gives the ticket of a clock that died the next one, unless a younger one runs, or one after the other dies young. Starting that twice
 * starts it once.
 */
const replace = async ({ ticketId, generation, livedMillis }: EndedClock): Promise<{ restarted: number }> => {
  const { wait } = (await standingOf(table, ticketId)) ?? {};
  if (!wait?.open || wait.generation > generation) return { restarted: 0 };
  if (livedMillis < YOUNG_MILLIS && generation >= MOST_GENERATIONS) return { restarted: 0 };
  const next = generation + 1;
  await clock.start({ ...wait, generation: next });
  log.warn('clock replaced', { ticketId, generation: next, deadlineAt: wait.deadlineAt });
  return { restarted: 1 };
};

const secondsSince = (at: Instant | undefined, now: Instant): number =>
  at === undefined ? 0 : Math.max(0, (toMillis(now) - toMillis(at)) / 1000);

const measureQuarantine = async (now: Instant): Promise<void> => {
  const { count, oldestAt } = await quarantineStanding(table);
  meter.measure({ name: 'QuarantinedMails', value: count });
  meter.measure({ name: 'OldestQuarantinedMail', value: secondsSince(oldestAt, now) });
};

const sweep = async (now: Instant): Promise<{ restarted: number }> => {
  const before = fromMillis(toMillis(now) - GRACE_MILLIS);
  const overdue = oldestFirst(await overdueTickets(table, before));
  meter.measure({ name: 'OldestUnsettled', value: secondsSince(overdue[0]?.deadlineAt, now) });
  const { restarted, failed } = await restartAll(overdue, (ticketId) => restart(ticketId, before), log);
  if (environment.MAIL_DOMAIN !== undefined) await measureQuarantine(now);
  if (failed > 0) throw new Error(`${String(failed)} clocks were not restarted`);
  return { restarted };
};

export const handler = (event: unknown): Promise<{ restarted: number }> => {
  const ended = endedClock(event);
  return ended ? replace(ended) : sweep(scheduledMoment(event));
};
