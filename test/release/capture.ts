/**
 * `npm run release-fixture`: writes down what this release stores and sends, for the tests of the next ones to play. It lives a short
 * story on a desk of its own, then takes the table as it stands, and has the dispatch function and the state machine say everything
 * once more to recorders in place of AWS. Run it when a release is made, and never to make a test pass.
 */
import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOf, type Client } from '../../bin/client.ts';
import { Activity } from '../../lib/local/activity.ts';
import { startAwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import { DeskClock } from '../../lib/local/clock.ts';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { LocalFunctions } from '../../lib/local/functions/functions.ts';
import { Journal } from '../../lib/local/journal.ts';
import { prepare, type Prepared } from '../../lib/local/prepare.ts';
import { StateMachines } from '../../lib/local/states/service.ts';

const DISPATCH = 'lambdas/handlers/dispatch.lambda.ts';
const START = Date.parse('2026-03-02T15:00:00.000Z');
const HOUR = 3_600_000;

type Items = Record<string, AttributeValue>[];

const newAccount = async (desk: Desk, manager: Client, planId: string, amount: number) => {
  const contacts = [{ email: 'ann@example.com', name: 'Ann', role: 'administrator' }];
  const facts = { name: `Example on ${planId}`, planId, timeZone: 'America/New_York', region: 'US', contacts };
  const accountId = String((await manager.post('/v1/accounts', facts)).accountId);
  await manager.post(`/v1/accounts/${accountId}/purchases`, { amount });
  const bearer = { role: 'customer', account: accountId, email: 'ann@example.com' } as const;
  const customer = clientOf(desk.url, await desk.token(bearer));
  const open = async (request: object = {}): Promise<string> => {
    const whole = { accountId, subject: 'Mail is stuck', description: 'Nothing leaves the queue.', ...request };
    return String(
      (await customer.post('/v1/tickets', whole, { 'idempotency-key': planId + JSON.stringify(request) })).ticketId,
    );
  };
  return { accountId, customer, open };
};

const mailIn = async (desk: Desk, from: string, dmarc: string): Promise<void> => {
  const raw = [`From: ${from}`, 'Subject: Printing', `Message-ID: <${from}@mail>`, '', 'Nothing prints.'].join('\r\n');
  const envelope = { from, recipients: ['support@desk.example.com'] };
  const verdicts = { spf: dmarc, dkim: dmarc, dmarc, spam: 'PASS', virus: 'PASS' };
  const response = await fetch(`${desk.url}/local/mail/inbound`, {
    method: 'POST',
    body: JSON.stringify({ raw, envelope, verdicts }),
  });
  if (!response.ok) throw new Error(await response.text());
};

/** One ticket that will be missed, one that waits for its customer, one that is over, and mails that did something or nothing. */
const liveAStory = async (desk: Desk) => {
  const as = async (bearer: Parameters<Desk['token']>[0]) => clientOf(desk.url, await desk.token(bearer));
  const manager = await as({ role: 'manager', email: 'max@example.com' });
  const engineer = await as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  const tokens = await newAccount(desk, manager, 'luxsci-token-dedicated', 60);
  const points = await newAccount(desk, manager, 'scalix-basic', 50);
  const over = await tokens.open({ priority: 'urgent' });
  await engineer.post(`/v1/tickets/${over}/messages`, { body: 'Restarted.', visibility: 'public' });
  await engineer.post(`/v1/tickets/${over}/plan`, { summary: 'A patch.', expectedBy: '2026-03-03T15:00:00.000Z' });
  await engineer.post(`/v1/tickets/${over}/resolve`, { summary: 'It runs.' });
  await tokens.customer.post(`/v1/tickets/${over}/close`);
  await tokens.customer.post(`/v1/tickets/${over}/rating`, { score: 5 });
  const missed = await tokens.open({ priority: 'emergency' });
  const waiting = await points.open();
  await engineer.post(`/v1/tickets/${waiting}/messages`, { body: 'Which version?', visibility: 'public' });
  await engineer.post(`/v1/tickets/${waiting}/pause`, { reason: 'Which version?' });
  await mailIn(desk, 'stranger@example.com', 'PASS');
  await mailIn(desk, 'ann@example.com', 'FAIL');
  await desk.moveTo(START + 1.5 * HOUR);
  const running = await tokens.open({ priority: 'standard' });
  await desk.activity.settled();
  const accounts = { tokens: tokens.accountId, points: points.accountId };
  return { accounts, tickets: { over, missed, waiting, running } };
};

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

const definitionIn = ({ template }: Prepared): unknown => {
  const { Resources } = template as { Resources: Record<string, { Type: string; Properties: object }> };
  const machine = Object.values(Resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  return (machine!.Properties as { DefinitionString: unknown }).DefinitionString;
};

async function main(): Promise<void> {
  const prepared = await prepare({}, {});
  const desk = await startDesk({ prepared, startAt: START });
  try {
    const story = await liveAStory(desk);
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
    const fixture = {
      capturedAt: new Date(desk.clock.now()).toISOString(),
      ...story,
      items,
      waits,
      settleRequest: request,
      busEntries: entries.map(({ Source, DetailType, Time, Detail }) => ({ Source, DetailType, Time, Detail })),
      definition: definitionIn(prepared),
    };
    const path = join(import.meta.dirname, '..', 'fixtures', 'last-release.generated.json');
    writeFileSync(path, `${JSON.stringify(fixture, undefined, 1)}\n`);
    process.stdout.write(
      `${String(items.length)} items, ${String(records.length)} records, ${String(waits.length)} waits, ${String(entries.length)} events\n`,
    );
  } finally {
    await desk.stop();
  }
}

await main();
