/**
 * Woken by the table's stream with the events just written: starts or wakes the ticket's clock, and puts each event on the bus.
 * Records come at least once and in order per ticket; one that fails is named, so that it and what follows it come again.
 */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { eventId, type TicketEvent } from '../domain/ticket/ticket-event.ts';
import { movesClock, readEvent } from '../store/items.ts';
import { standingOf } from '../store/standing.ts';
import { openTable } from '../store/table.ts';
import { isOutdated, openClock } from './clock.ts';
import { busEnvironment, readEnvironment, tableEnvironment, workflowEnvironment } from './environment.ts';
import { openLog } from './log.ts';

const environment = readEnvironment(tableEnvironment.extend(workflowEnvironment.shape).extend(busEnvironment.shape));
const table = openTable(environment.TABLE_NAME);
const clock = openClock(environment.STATE_MACHINE_ARN);
const bus = new EventBridgeClient();
const log = openLog();

/** The source of every event that the desk puts on its bus. */
const SOURCE = 'makegood.desk';

const moveClock = async (event: TicketEvent): Promise<void> => {
  const standing = await standingOf(table, event.ticketId);
  if (!standing) throw new Error(`event ${eventId(event)} has no ticket`);
  if (event.type === 'opened') await clock.start({ ...standing.wait, generation: 0 });
  else if (event.type === 'reopened' && event.from === 'closed') await clock.start(standing.wait);
  else if (standing.parked && isOutdated(standing)) {
    const woken = await clock.wake(standing.parked.token, standing.wait);
    log.info(woken ? 'clock woken' : 'clock had moved on', { eventId: eventId(event) });
  }
};

const publish = async (event: TicketEvent): Promise<void> => {
  const { FailedEntryCount } = await bus.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: environment.BUS_NAME,
          Source: SOURCE,
          DetailType: `ticket.${event.type}`,
          Time: new Date(event.recordedAt),
          Detail: JSON.stringify(event),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new Error(`the bus did not take event ${eventId(event)}`);
};

const dispatch = async ({ dynamodb }: DynamoDBRecord): Promise<void> => {
  const item = unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
  const event = readEvent(item);
  if (movesClock(item)) await moveClock(event);
  await publish(event);
};

export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  for (const record of Records) {
    const itemIdentifier = record.dynamodb?.SequenceNumber ?? '';
    try {
      await dispatch(record);
    } catch (error) {
      log.error('not dispatched', { itemIdentifier, error: error instanceof Error ? error : undefined });
      return { batchItemFailures: [{ itemIdentifier }] };
    }
  }
  return { batchItemFailures: [] };
};
