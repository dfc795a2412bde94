/**
 * `npm run release-fixture`: writes down what this release stores and sends, for the tests of the next ones to play. It lives a short
 * story (`story.ts`) on a desk of its own, then takes the table as it stands, and has the dispatch function and the state machine say
 * everything once more to recorders in place of AWS; and it notes what woke the other functions, in the story and after it. Run it when
 * a release is made, and never to make a test pass.
 */
import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Activity } from '../../lib/local/activity.ts';
import { startAwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import { DeskClock } from '../../lib/local/clock.ts';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { LocalFunctions } from '../../lib/local/functions/functions.ts';
import { Journal } from '../../lib/local/journal.ts';
import { prepare, type Prepared } from '../../lib/local/prepare.ts';
import { StateMachines } from '../../lib/local/states/service.ts';
import { liveAStory, liveOn, START } from './story.ts';

const DISPATCH = 'lambdas/handlers/dispatch.lambda.ts';
const HOUR = 3_600_000;

type Items = Record<string, AttributeValue>[];

const itemsOf = async (desk: Desk): Promise<Items> => {
  const client = new DynamoDBClient({
    endpoint: desk.engineEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const items: Items = [];
  const pages = paginateScan({ client }, { TableName: desk.blueprint.tables[0]!.name, ConsistentRead: true });
  for await (const { Items: page = [] } of pages) items.push(...page);
  return items
    .map((item) => Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .toSorted((a, b) => (`${a.pk!.S!} ${a.sk!.S!}` < `${b.pk!.S!} ${b.sk!.S!}` ? -1 : 1));
};

/** The stream's records of what dispatch is woken for, in the order in which they were written for each ticket. */
const recordsOf = (items: Items) =>
  items
    .filter(({ sk, toAnswer }) => sk!.S!.startsWith('EVENT#') || toAnswer?.BOOL === true)
    .map((NewImage, place) => ({
      eventID: String(place),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        Keys: { pk: NewImage.pk, sk: NewImage.sk },
        NewImage,
        SequenceNumber: String(place + 1),
        StreamViewType: 'NEW_IMAGE',
      },
    }));

interface Said {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** What dispatch says to the bus and to the state machine about these records. */
const dispatchSays = async (desk: Desk, prepared: Prepared, records: readonly object[]): Promise<Said[]> => {
  const said: Said[] = [];
  const record = (operation: string, input: unknown) => {
    said.push({ operation, input: input as Record<string, unknown> });
    const { Entries = [] } = input as { Entries?: unknown[] };
    return Promise.resolve({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'event' })) });
  };
  const recorder = await startAwsEndpoint({
    json: { AWSEvents: record, AWSStepFunctions: record },
    query: () => Promise.reject(new Error('dispatch sends no mail')),
    onError: (error) => {
      throw error;
    },
  });
  const functions = new LocalFunctions({
    plans: desk.blueprint.functions,
    bundles: prepared.bundles,
    activity: new Activity(),
    log: () => undefined,
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: desk.engineEndpoint,
      AWS_ENDPOINT_URL_SFN: recorder.url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: recorder.url,
    },
    afterInvocation: () => undefined,
  });
  const { arn } = desk.blueprint.functions.find(({ entry }) => entry === DISPATCH)!;
  for (let first = 0; first < records.length; first += 10) {
    const { failure } = await functions.invoke(arn, { Records: records.slice(first, first + 10) });
    if (failure) throw new Error(failure.errorMessage);
  }
  await recorder.stop();
  return said;
};

/** What the state machine asks the settle function for a ticket whose deadline has passed. */
const settleRequestFor = async (desk: Desk, wait: object): Promise<unknown> => {
  const clock = new DeskClock({ startAt: START + 2 * HOUR });
  const activity = new Activity();
  const asked: unknown[] = [];
  const machines = new StateMachines({
    ...{ clock, activity, journal: new Journal(), machines: desk.blueprint.stateMachines },
    integrations: {
      dynamodb: { updateItem: () => Promise.resolve({}), getItem: () => Promise.resolve({}) },
      invokeFunction: (_arn, request) => {
        asked.push(request);
        return Promise.resolve({ ...wait, open: false });
      },
    },
  });
  machines.startExecution({ stateMachineArn: desk.blueprint.stateMachines[0]!.arn, input: JSON.stringify(wait) });
  await clock.moveTo(clock.now() + 2_000, () => activity.settled());
  clock.stop();
  return asked[0];
};

interface Waking {
  readonly entry: string;
  readonly event: unknown;
}

const entryOf = (name: string): string => `lambdas/handlers/${name}.lambda.ts`;
const BY_THE_CLOCK = ['sweep', 'remind', 'renew', 'report'].map(entryOf);
const BY_A_MAIL = ['inbound', 'mail-events'].map(entryOf);
const isOfTheBus = ({ event }: Waking): boolean => 'source' in (event as object);

/** One of each kind by the clock or by the account's own bus, and all by mails. */
const telling = (wakings: readonly Waking[]): Waking[] =>
  wakings.filter((one, place) => {
    const isSame = (other: Waking) => other.entry === one.entry && isOfTheBus(other) === isOfTheBus(one);
    const isFirst = wakings.findIndex(isSame) === place;
    return BY_A_MAIL.includes(one.entry) || (BY_THE_CLOCK.includes(one.entry) && isFirst);
  });

const definitionIn = ({ template }: Prepared): unknown => {
  const { Resources } = template as { Resources: Record<string, { Type: string; Properties: object }> };
  const machine = Object.values(Resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  return (machine!.Properties as { DefinitionString: unknown }).DefinitionString;
};

async function main(): Promise<void> {
  // Whom the tests' own desk tells too: a letter is known by its reader.
  const prepared = await prepare({ managers: 'managers@example.com' }, {});
  const wakings: Waking[] = [];
  const desk = await startDesk({
    ...{ prepared, startAt: START },
    around: ({ plan, payload }, run) => {
      wakings.push({ entry: plan.entry, event: structuredClone(payload) });
      return run();
    },
  });
  try {
    const story = await liveAStory(desk);
    const capturedAt = new Date(desk.clock.now()).toISOString();
    const items = await itemsOf(desk);
    const records = recordsOf(items);
    const said = await dispatchSays(desk, prepared, records);
    const inputs = (operation: string) => said.filter((one) => one.operation === operation).map(({ input }) => input);
    const waits = [
      ...inputs('StartExecution').map(({ input }) => JSON.parse(String(input)) as object),
      ...inputs('SendTaskSuccess').map(({ output }) => JSON.parse(String(output)) as object),
    ];
    const passed = { schema: 1, ticketId: story.tickets.running, version: 1, generation: 0, open: true };
    const request = await settleRequestFor(desk, { ...passed, deadlineAt: '2026-03-02T16:00:00.000Z' });
    const entries = inputs('PutEvents').flatMap(({ Entries }) => Entries as Record<string, unknown>[]);
    await liveOn(desk, story.tickets);
    const fixture = {
      ...{ capturedAt, ...story },
      items,
      waits,
      settleRequest: request,
      busEntries: entries.map(({ Source, DetailType, Time, Detail }) => ({ Source, DetailType, Time, Detail })),
      wakings: telling(wakings),
      definition: definitionIn(prepared),
    };
    const path = join(import.meta.dirname, '..', 'fixtures', 'last-release.generated.json');
    writeFileSync(path, `${JSON.stringify(fixture, undefined, 1)}\n`);
    process.stdout.write(
      `${String(items.length)} items, ${String(records.length)} records, ${String(waits.length)} waits, ${String(entries.length)} events, ${String(fixture.wakings.length)} wakings\n`,
    );
  } finally {
    await desk.stop();
  }
}

await main();
