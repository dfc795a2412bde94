/**
 * Woken every few minutes: finds open tickets whose deadline passed and was not settled, and starts a new generation of their
 * clock. It holds no rule; the clock that it starts asks the settle function at once.
 */
import { fromMillis, toMillis } from '../domain/time/instant.ts';
import { overdueTickets } from '../store/queue.ts';
import { raiseGeneration, standingOf } from '../store/standing.ts';
import { openTable } from '../store/table.ts';
import { openClock } from './clock.ts';
import { readEnvironment, tableEnvironment, workflowEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { scheduledMoment } from './schedule.ts';

const environment = readEnvironment(tableEnvironment.extend(workflowEnvironment.shape));
const table = openTable(environment.TABLE_NAME);
const clock = openClock(environment.STATE_MACHINE_ARN);
const log = openLog();

/** A living clock settles within seconds; what is later than this has lost its clock. */
const GRACE_MILLIS = 120_000;

export const handler = async (event: unknown): Promise<{ restarted: number }> => {
  const before = fromMillis(toMillis(scheduledMoment(event)) - GRACE_MILLIS);
  let restarted = 0;
  for (const ticketId of await overdueTickets(table, before)) {
    const standing = await standingOf(table, ticketId);
    const { wait } = standing ?? {};
    if (!wait?.open || wait.deadlineAt === undefined || wait.deadlineAt >= before) continue;
    if (!(await raiseGeneration(table, ticketId, wait.generation))) continue;
    await clock.start({ ...wait, generation: wait.generation + 1 });
    restarted += 1;
    log.warn('clock restarted', { ticketId, generation: wait.generation + 1, deadlineAt: wait.deadlineAt });
  }
  return { restarted };
};
