/**
 * Giving open tickets new clocks at once, where the sweep would give each its own only after its deadline: after a restore, or after
 * clocks were stopped by hand. The older execution, if one still runs, gives way to the younger. The trap: a restored ticket may have
 * had its next generations before, and their names are taken for ninety days, so the first free one is looked for.
 */
import { ExecutionAlreadyExists, StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { executionName } from '../../lambdas/domain/wait.ts';
import { standingOf } from '../../lambdas/store/standing.ts';
import type { Table } from '../../lambdas/store/table.ts';

export interface Restarted {
  readonly ticketId: string;
  readonly result: 'would be restarted' | 'restarted' | 'not open' | 'no free generation' | 'failed';
  readonly generation?: number;
  /** Why it failed, without what was read. */
  readonly error?: string;
}

/** A clock lives for most of a year, so no ticket has had so many in ninety days but by a fault. */
const MOST_GENERATIONS = 100;

interface Places {
  readonly table: Table;
  readonly states: SFNClient;
  readonly stateMachineArn: string;
}

const startsFresh = async ({ states, stateMachineArn }: Places, name: string, input: string): Promise<boolean> => {
  try {
    await states.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    return true;
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return false;
    throw error;
  }
};

/**
 * Gives a ticket's clock the next generation whose name is free, which makes itself the present one as soon as it waits. Without `act` it
 * only says whether it would.
 */
export const restartClock = async (places: Places, ticketId: string, act: boolean): Promise<Restarted> => {
  const { wait } = (await standingOf(places.table, ticketId)) ?? {};
  if (!wait?.open) return { ticketId, result: 'not open' };
  if (!act) return { ticketId, result: 'would be restarted', generation: wait.generation };
  for (let tried = 1; tried <= MOST_GENERATIONS; tried += 1) {
    const generation = wait.generation + tried;
    const input = JSON.stringify({ ...wait, generation });
    if (await startsFresh(places, executionName(ticketId, generation), input))
      return { ticketId, result: 'restarted', generation };
  }
  return { ticketId, result: 'no free generation' };
};

/** The same of many. One for which it fails must not keep the others from theirs: after a restore some may be damaged. */
export const restartClocks = async (
  places: Places,
  ticketIds: AsyncIterable<string> | Iterable<string>,
  act: boolean,
  tell: (restarted: Restarted) => void,
): Promise<void> => {
  for await (const ticketId of ticketIds) {
    tell(
      await restartClock(places, ticketId, act).catch((error: unknown): Restarted => ({
        ticketId,
        result: 'failed',
        error: error instanceof Error ? error.name : String(error),
      })),
    );
  }
};
