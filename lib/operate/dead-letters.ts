/**
 * What a dead letter says: which function is to be handed what. AWS has four forms for it, by who gave up: Lambda itself, the mapping of
 * the table's stream, EventBridge and its scheduler, and SNS. It reads letters and hands nothing over. The traps: a letter of the stream
 * names records and holds none; the events of both buses look alike, so the envelope says whose they were; and the scheduler writes down
 * the call of a service that it made, with that call's name (`arn:aws:scheduler:::aws-sdk:lambda:invoke`) for a target.
 */
import * as z from 'zod';

/** A stretch of the table's stream. */
export interface StreamPlace {
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  readonly streamArn: string;
}

/** What is to be done about a letter: hand an event to a function, or what stands in the stream to the one that reads it. */
export type Errand =
  | { readonly kind: 'event'; readonly functionName: string; readonly event: unknown; readonly about: string }
  | { readonly kind: 'stream'; readonly place: StreamPlace; readonly about: string };

export interface DeadLetter {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  /** What the sender wrote on the envelope. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The stack's functions by the names of its outputs: `Dispatch`, `Notify`, … */
export type FunctionNames = Readonly<Record<string, string>>;

const streamSchema = z.object({
  DDBStreamBatchInfo: z.object({
    shardId: z.string(),
    startSequenceNumber: z.string(),
    endSequenceNumber: z.string(),
    batchSize: z.number(),
    streamArn: z.string(),
  }),
});
const lambdaSchema = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  requestPayload: z.record(z.string(), z.unknown()),
});
const busSchema = z.looseObject({ 'detail-type': z.string(), source: z.string(), detail: z.unknown() });
const notificationSchema = z.looseObject({
  Type: z.literal('Notification'),
  TopicArn: z.string(),
  Message: z.string(),
});
const runSchema = z.strictObject({ schema: z.number(), now: z.string() });
const invocationSchema = z.object({ FunctionName: z.string(), Payload: z.unknown() });

const idsSchema = z.union([
  z
    .object({ 'detail-type': z.string(), detail: z.object({ ticketId: z.string(), seq: z.number() }) })
    .transform(({ 'detail-type': type, detail: { ticketId, seq } }) => `${type} ${ticketId}-${String(seq)}`),
  z
    .object({ 'detail-type': z.string(), detail: z.object({ name: z.string(), status: z.string() }) })
    .transform(({ detail: { name, status } }) => `the clock ${name}, ${status}`),
  z
    .object({ 'detail-type': z.string(), detail: z.object({ sesMessageId: z.string() }) })
    .transform(({ 'detail-type': type, detail: { sesMessageId } }) => `${type} ${sesMessageId}`),
  z
    .object({ Records: z.tuple([z.object({ ses: z.object({ mail: z.object({ messageId: z.string() }) }) })]) })
    .transform(({ Records: [{ ses }] }) => `mail ${ses.mail.messageId}`),
  z
    .object({ Records: z.tuple([z.object({ Sns: z.object({ MessageId: z.string() }) })]) })
    .transform(({ Records: [{ Sns }] }) => `notification ${Sns.MessageId}`),
  runSchema.transform(({ now }) => `the run of ${now}`),
]);

/** An event by its ids, and by nothing that people wrote. */
const tell = (event: unknown): string => idsSchema.safeParse(event).data ?? 'an event without an id';

const toFunction = (functionName: string | undefined, event: unknown): Errand | undefined =>
  functionName === undefined ? undefined : { kind: 'event', functionName, event, about: tell(event) };

/** The function that an ARN names, with or without a version. */
const nameOf = (arn: string | undefined): string | undefined => /:function:([^:]+)/.exec(arn ?? '')?.[1];

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The function that a schedule is named after: `makegood-dev-sweep`. */
const wokenBy = (schedule: string | undefined, names: FunctionNames): string | undefined => {
  const name = /-([a-z]+)$/.exec(schedule ?? '')?.[1] ?? '';
  return names[name.charAt(0).toUpperCase() + name.slice(1)];
};

/** The scheduler's letter: a run's payload, by itself or in the call of Lambda that it was for. The envelope tells the moment too. */
const runOf = (content: unknown, attributes: DeadLetter['attributes'], names: FunctionNames): Errand | undefined => {
  const call = invocationSchema.safeParse(content).data;
  const payload = call?.Payload ?? content;
  const run = runSchema.safeParse(typeof payload === 'string' ? parse(payload) : payload).data;
  if (run === undefined) return undefined;
  const now = Number.isNaN(Date.parse(run.now)) ? (attributes.SCHEDULED_TIME ?? run.now) : run.now;
  const called = nameOf(call?.FunctionName) ?? call?.FunctionName ?? nameOf(attributes.TARGET_ARN);
  return toFunction(called ?? wokenBy(attributes.SCHEDULE_ARN, names), { ...run, now });
};

/** What is to be done about a letter; nothing where it is none that this desk writes. */
export const errandOf = (
  { body, attributes }: Omit<DeadLetter, 'id' | 'receipt'>,
  names: FunctionNames,
): Errand | undefined => {
  const content = parse(body);
  const stream = streamSchema.safeParse(content).data?.DDBStreamBatchInfo;
  if (stream) {
    const { shardId, startSequenceNumber, endSequenceNumber, batchSize } = stream;
    const about = `${String(batchSize)} records of ${shardId}, ${startSequenceNumber} to ${endSequenceNumber}`;
    return { kind: 'stream', place: stream, about };
  }
  const failed = lambdaSchema.safeParse(content).data;
  if (failed) return toFunction(nameOf(failed.requestContext.functionArn), failed.requestPayload);
  if (busSchema.safeParse(content).success) return toFunction(nameOf(attributes.TARGET_ARN) ?? names.Notify, content);
  const notification = notificationSchema.safeParse(content).data;
  if (notification) return toFunction(names.MailEvents, { Records: [{ EventSource: 'aws:sns', Sns: notification }] });
  return runOf(content, attributes, names);
};
