/**
 * Woken by the table's stream with the events just written: starts or wakes the ticket's clock, and puts each event on the bus; so it
 * does with the record of a mail that came in and is to be answered.
 * Records come at least once and in order per ticket; one that fails is named, so that it and what follows it come again.
 */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Instant } from '../domain/time/instant.ts';
import { eventId, type TicketEvent } from '../domain/ticket/ticket-event.ts';
import { readMailRecord, type InboundMail } from '../store/inbound-mails.ts';
import { movesClock, readEvent } from '../store/items.ts';
import { TO_ANSWER_ATTRIBUTE } from '../store/keys.ts';
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

interface News {
  /** What names it in the log. */
  readonly id: string;
  readonly type: string;
  readonly at: Instant;
  readonly detail: TicketEvent | InboundMail;
}

const publish = async ({ id, type, at, detail }: News): Promise<void> => {
  const { FailedEntryCount } = await bus.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: environment.BUS_NAME,
          Source: SOURCE,
          DetailType: type,
          Time: new Date(at),
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new Error(`the bus did not take event ${id}`);
};

const dispatch = async ({ dynamodb }: DynamoDBRecord): Promise<void> => {
  const item = unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
  if (item[TO_ANSWER_ATTRIBUTE] === true) {
    const mail = readMailRecord(item);
    await publish({ id: mail.sesMessageId, type: `mail.${mail.outcome}`, at: mail.at, detail: mail });
    return;
  }
  const event = readEvent(item);
  if (movesClock(item)) await moveClock(event);
  await publish({ id: eventId(event), type: `ticket.${event.type}`, at: event.recordedAt, detail: event });
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
