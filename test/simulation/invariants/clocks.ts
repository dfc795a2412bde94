/**
 * Clocks: every open ticket has a live one, which waits for just what time will do to it next, or it stands where the sweep will look for
 * it. The trap: a ticket that waits for people alone is overdue for nothing, so no sweep would find it.
 */
import type { Stored } from './table.ts';

export interface Execution {
  readonly name: string;
  readonly status: string;
}

export interface ClockReport {
  readonly faults: string[];
  /** Open tickets with a live clock, and those that count on the sweep. */
  readonly alive: number;
  readonly swept: number;
}

const isOpen = (status: unknown): boolean => status !== 'closed' && status !== 'declined';

/** `signalled`: no signal was lost, so every clock waits for the deadline that its ticket has now. */
export const clockFaults = ({ tickets }: Stored, executions: readonly Execution[], signalled: boolean): ClockReport => {
  const running = new Set(executions.filter(({ status }) => status === 'RUNNING').map(({ name }) => name));
  const faults: string[] = [];
  let [alive, swept] = [0, 0];
  for (const { ticketId, item, record } of tickets.values()) {
    if (item === undefined || record === undefined) continue;
    const { deadlineAt, queueSk, queuePk, generation, waitToken, waitUntil } = item;
    if (!isOpen(record.status)) {
      if (queueSk !== undefined || deadlineAt !== undefined)
        faults.push(`${ticketId} is ${String(record.status)} and still queued`);
      continue;
    }
    const lives = running.has(`${ticketId}-${generation?.N ?? ''}`) && waitToken?.S !== undefined;
    const fits = waitUntil?.S === deadlineAt?.S;
    const queued =
      queuePk?.S?.startsWith(`QUEUE#${String(record.tier)}#`) === true && queueSk?.S?.endsWith(`#${ticketId}`) === true;
    if (!queued) faults.push(`${ticketId} is open and in no queue`);
    if (lives && signalled && !fits) faults.push(`${ticketId} has a clock that waits for something else`);
    else if (lives) alive += 1;
    else if (deadlineAt?.S === 'none') faults.push(`${ticketId} waits for people alone and has no clock`);
    else if (queued) swept += 1;
  }
  return { faults, alive, swept };
};
