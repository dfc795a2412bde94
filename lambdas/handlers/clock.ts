/**
 * The functions' side of a ticket's clock: starting executions and waking the wait that is parked on a ticket. Both may happen
 * twice or too late; an execution that exists and a token that is over are answers, not errors.
 */
import {
  ExecutionAlreadyExists,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { executionName, NO_DEADLINE, TICKET_CLOSED, type Wait } from '../domain/wait.ts';
import { clientSettings } from '../store/client-settings.ts';
import type { Standing } from '../store/items.ts';

export interface Clock {
  /** Starts the execution of a wait's ticket and generation, unless it was started before. */
  readonly start: (wait: Wait) => Promise<void>;
  /** Gives a parked wait its next one, or ends it where the ticket is closed. Answers false where nobody waits with that token any more. */
  readonly wake: (token: string, next: Wait) => Promise<boolean>;
}

const WAIT_IS_OVER = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

export const openClock = (stateMachineArn: string, client: SFNClient = new SFNClient(clientSettings)): Clock => ({
  start: async (wait) => {
    const name = executionName(wait.ticketId, wait.generation);
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(wait) }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  },
  wake: async (taskToken, next) => {
    try {
      await (next.open
        ? client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(next) }))
        : client.send(new SendTaskFailureCommand({ taskToken, error: TICKET_CLOSED })));
      return true;
    } catch (error) {
      if (error instanceof Error && WAIT_IS_OVER.has(error.name)) return false;
      throw error;
    }
  },
});

/** Whether the parked wait was planned for something else than what the ticket needs now. */
export const isOutdated = ({ wait, parked }: Standing): boolean =>
  parked !== undefined && (!wait.open || parked.until !== (wait.deadlineAt ?? NO_DEADLINE));
