/**
 * Woken by the table's stream with the events just written: starts or wakes the ticket's clock, and puts each event on the bus; so it
 * does with the record of a mail that came in and is to be answered.
 * Records come at least once, and those of one ticket in any order, so a clock is moved by how its ticket stands now and never by what
 * an event says; one that fails is named, so that it and what follows it in the batch come again. What is done is measured. The trap: a
 * batch that the stream delivers again after it was done is measured again; nothing else is done twice.
 */
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Instant } from '../domain/time/instant.ts';
import { eventId, type TicketEvent } from '../domain/ticket/ticket-event.ts';
import { clientSettings } from '../store/client-settings.ts';
import { readMailRecord, type InboundMail } from '../store/inbound-mails.ts';
import { movesClock, readEvent } from '../store/items.ts';
import { TO_ANSWER_ATTRIBUTE } from '../store/keys.ts';
import { standingOf } from '../store/standing.ts';
import { openTable } from '../store/table.ts';
import { isOutdated, openClock } from './clock.ts';
import { EVENT_SOURCE, inRequests } from './dispatch/bus-requests.ts';
import { measuresOf } from './dispatch/measures.ts';
import {
  busEnvironment,
  readEnvironment,
  meterEnvironment,
  tableEnvironment,
  workflowEnvironment,
} from './environment.ts';
import { openLog } from './log.ts';
import { openMeter } from './metrics.ts';

const environment = readEnvironment(
  tableEnvironment.extend(workflowEnvironment.shape).extend(busEnvironment.shape).extend(meterEnvironment.shape),
);
const table = openTable(environment.TABLE_NAME);
const clock = openClock(environment.STATE_MACHINE_ARN);
const bus = new EventBridgeClient(clientSettings);
const log = openLog();
const meter = openMeter(environment);

/** Where a record comes from that is news; one that an operator hands over again was measured when it was. */
const STREAM = 'aws:dynamodb';

interface News {
  readonly type: string;
  readonly at: Instant;
  readonly detail: TicketEvent | InboundMail;
}

const busEntry = ({ type, at, detail }: News): PutEventsRequestEntry => ({
  EventBusName: environment.BUS_NAME,
  Source: EVENT_SOURCE,
  DetailType: type,
  Time: new Date(at),
  Detail: JSON.stringify(detail),
});

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

/** What stands before the record that failed is dispatched; what follows it comes again with it. */
class Undispatched extends Error {
  readonly at: number;
  constructor(at: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.at = at;
  }
}

/** Puts news on the bus, a few at a time and in order. */
const publish = async (news: readonly News[]): Promise<void> => {
  let first = 0;
  for (const asked of inRequests(news.map(busEntry))) {
    const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: asked })).catch((error: unknown) => {
      throw new Undispatched(first, error);
    });
    const refused = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused >= 0) throw new Undispatched(first + refused, Entries[refused]?.ErrorMessage);
    first += asked.length;
  }
};

/** What a record has to tell, once the clock that it moves is moved. */
const newsOf = async ({ dynamodb }: DynamoDBRecord): Promise<News> => {
  const item = unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
  if (item[TO_ANSWER_ATTRIBUTE] === true) {
    const mail = readMailRecord(item);
    return { type: `mail.${mail.outcome}`, at: mail.at, detail: mail };
  }
  const event = readEvent(item);
  if (movesClock(item)) await moveClock(event);
  return { type: `ticket.${event.type}`, at: event.recordedAt, detail: event };
};

const measure = (records: readonly DynamoDBRecord[], news: readonly News[]): void => {
  for (const [place, { detail }] of news.entries()) {
    const isNews = records[place]?.eventSource === STREAM && 'seq' in detail;
    for (const each of isNews ? measuresOf(detail) : []) meter.measure(each);
  }
};

const asUndispatched = (error: unknown): Undispatched => {
  if (error instanceof Undispatched) return error;
  throw error;
};

/** Does all it can of a batch, in order. Answers the first record that has to come again. */
const dispatch = async (records: readonly DynamoDBRecord[]): Promise<Undispatched | undefined> => {
  const news: News[] = [];
  let stopped: Undispatched | undefined;
  for (const [place, record] of records.entries()) {
    try {
      news.push(await newsOf(record));
    } catch (error) {
      stopped = new Undispatched(place, error);
      break;
    }
  }
  const failed = (await publish(news).then(() => undefined, asUndispatched)) ?? stopped;
  measure(records, news.slice(0, failed?.at));
  return failed;
};

export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const failed = await dispatch(Records);
  if (!failed) return { batchItemFailures: [] };
  const { Keys: { pk, sk } = {}, SequenceNumber: itemIdentifier = '' } = Records[failed.at]?.dynamodb ?? {};
  log.error('not dispatched', { record: [pk?.S, sk?.S].join(' '), itemIdentifier, error: failed });
  return { batchItemFailures: [{ itemIdentifier }] };
};
