/** Clocks: every open ticket has a live one that waits for what the ticket waits for, or stands where the sweep will look for it. */
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

export const clockFaults = ({ tickets }: Stored, executions: readonly Execution[]): ClockReport => {
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
    if (lives && fits) alive += 1;
    else if (queued && deadlineAt?.S !== 'none') swept += 1;
    else
      faults.push(
        `${ticketId} has ${lives ? 'a clock that waits for something else' : 'no clock'}, and no deadline for the sweep to find`,
      );
  }
  return { faults, alive, swept };
};
