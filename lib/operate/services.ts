/**
 * How an operator's command reaches queues, functions, stream and table of a stage, over the AWS SDK. It decides nothing.
 */
import { paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { EVENT_PREFIX, INBOUND_PREFIX, ticketKey } from '../../lambdas/store/keys.ts';
import { LONGEST_RUN_SECONDS } from '../../lambdas/store/longest-run.ts';
import { isForDispatch, type Invoke, type StreamRecord, type TableItem } from './dispatching.ts';
import type { StreamPlace } from './dead-letters.ts';
import type { RedriveServices } from './redrive.ts';
import type { ReplayServices } from './replay.ts';
import type { Stage } from './stage.ts';

/** A function that is handed a letter may take its time; nobody else gets the letter meanwhile. */
const HIDDEN_SECONDS = LONGEST_RUN_SECONDS + 30;

/** A shard answers nothing now and then though it holds more; one that does so for so long holds no more. */
const MOST_EMPTY_ANSWERS = 100;

const invoking =
  ({ clients: { lambda } }: Stage): Invoke =>
  async (FunctionName, event) => {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    const answer: unknown = JSON.parse(
      Payload === undefined ? 'null' : Buffer.from(Payload).toString('utf8') || 'null',
    );
    return { failed: FunctionError !== undefined, answer };
  };

/** The stream of the letter, or the one that the table has now: a stream that was switched off and on again is another one. */
const streamOf = async ({ clients: { streams }, tableName }: Stage, streamArn: string): Promise<string> => {
  const { Streams = [] } = await streams.send(new ListStreamsCommand({ TableName: tableName }));
  const arns = Streams.flatMap(({ StreamArn }) => (StreamArn === undefined ? [] : [StreamArn]));
  return arns.includes(streamArn) ? streamArn : (arns.at(-1) ?? streamArn);
};

const asStreamRecord = ({ eventName, eventSource, dynamodb }: _Record): StreamRecord => ({
  eventName: eventName ?? '',
  eventSource: eventSource ?? '',
  dynamodb: {
    Keys: dynamodb?.Keys ?? {},
    NewImage: dynamodb?.NewImage ?? {},
    SequenceNumber: dynamodb?.SequenceNumber ?? '',
  },
});

const isWanted = ({ eventName, dynamodb: { NewImage } }: StreamRecord): boolean =>
  isForDispatch(NewImage) && (eventName === 'INSERT' || NewImage.sk?.S?.startsWith(EVENT_PREFIX) !== true);

const recordsBetween = async (
  streams: DynamoDBStreamsClient,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: StreamPlace,
): Promise<readonly StreamRecord[]> => {
  const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: startSequenceNumber } as const;
  const place = { StreamArn: streamArn, ShardId: shardId };
  let { ShardIterator: iterator } = await streams.send(new GetShardIteratorCommand({ ...place, ...at }));
  const found: StreamRecord[] = [];
  for (let empty = 0; iterator !== undefined && empty < MOST_EMPTY_ANSWERS;) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    if (Records.length === 0) empty += 1;
    for (const record of Records.map(asStreamRecord)) {
      if (BigInt(record.dynamodb.SequenceNumber) > BigInt(endSequenceNumber)) return found;
      found.push(record);
    }
    if (found.at(-1)?.dynamodb.SequenceNumber === endSequenceNumber) return found;
    iterator = NextShardIterator;
  }
  return found;
};

export const redriveServices = (stage: Stage): RedriveServices => {
  const { sqs, streams } = stage.clients;
  return {
    invoke: invoking(stage),
    receive: async (QueueUrl) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: HIDDEN_SECONDS,
          // Asks all of the queue's servers.
          WaitTimeSeconds: 1,
        }),
      );
      return Messages.map(({ MessageId, Body, ReceiptHandle, MessageAttributes = {} }) => ({
        id: MessageId ?? '',
        body: Body ?? '',
        receipt: ReceiptHandle ?? '',
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue ?? '']),
        ),
      }));
    },
    giveBack: async (QueueUrl, ReceiptHandle) => {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    },
    remove: async (QueueUrl, ReceiptHandle) => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    recordsAt: async (place) => {
      const streamArn = await streamOf(stage, place.streamArn);
      try {
        return (await recordsBetween(streams, { ...place, streamArn })).filter(isWanted);
      } catch (error) {
        // A record alone goes first, and after a day its whole shard, or a stream that another has replaced.
        if (error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
  };
};

/** An operator may look through the whole table, which no request does: it is read once, item by item. */
async function* itemsOfAll({ clients: { dynamodb: client }, tableName }: Stage): AsyncGenerator<TableItem> {
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      FilterExpression: 'begins_with(sk, :event) OR begins_with(pk, :mail)',
      ExpressionAttributeValues: { ':event': { S: EVENT_PREFIX }, ':mail': { S: INBOUND_PREFIX } },
    },
  );
  for await (const { Items = [] } of pages) yield* Items.filter(isForDispatch);
}

async function* itemsOfTicket(
  { clients: { dynamodb: client }, tableName }: Stage,
  ticketId: string,
): AsyncGenerator<TableItem> {
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      KeyConditionExpression: 'pk = :ticket AND begins_with(sk, :event)',
      ExpressionAttributeValues: { ':ticket': { S: ticketKey(ticketId).pk }, ':event': { S: EVENT_PREFIX } },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) yield* Items;
}

export const replayServices = (stage: Stage): ReplayServices => ({
  invoke: invoking(stage),
  items: (ticketId) => (ticketId === undefined ? itemsOfAll(stage) : itemsOfTicket(stage, ticketId)),
});

/** The ids of all tickets that are open. */
export async function* openTicketIds({ clients: { dynamodb: client }, tableName }: Stage): AsyncGenerator<string> {
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      FilterExpression: 'sk = :ticket AND attribute_exists(deadlineAt)',
      ProjectionExpression: 'pk',
      ExpressionAttributeValues: { ':ticket': { S: ticketKey('').sk } },
    },
  );
  for await (const { Items = [] } of pages)
    for (const { pk } of Items) if (pk?.S !== undefined) yield pk.S.slice(ticketKey('').pk.length);
}
