/**
 * The functions' logs carry ids. A desk that says everything it can (its log level is DEBUG) lives through a day with strings in it
 * that occur nowhere else: in bodies, addresses, names, keys, mails, files, links, tokens. Every function has its say, and none of them
 * may be found in what was logged.
 */
import { basename } from 'node:path';
import { DynamoDBClient, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { prepare } from '../../lib/local/prepare.ts';
import { MONDAY_10_NEW_YORK, testDeskOf, type TestDesk } from '../support/desk.ts';
import { openCanaries, TOKEN_CHARACTERS } from './canaries.ts';
import * as life from './logged-life.ts';
import type { World } from './logged-life.ts';

const log: string[] = [];
let desk: TestDesk;
let running: Desk;
beforeAll(async () => {
  const prepared = await prepare({ logLevel: 'DEBUG', managers: 'canary-managers@example.com' });
  running = await startDesk({ prepared, startAt: Date.parse(MONDAY_10_NEW_YORK), log: (line) => log.push(line) });
  desk = testDeskOf(running);
}, 120_000);
afterAll(() => running.stop());

const canaries = openCanaries(() => desk);
const { all: secrets, note } = canaries;
note('canary-managers', 'managers');

const table = () => ({
  client: new DynamoDBClient({
    endpoint: running.engineEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
  name: running.blueprint.tables[0]!.name,
});

/** The tokens of waits that are parked now. */
const noteTaskTokens = async (): Promise<void> => {
  const { client, name } = table();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name, ConsistentRead: true })) {
    for (const { waitToken, pk } of Items)
      if (waitToken?.S) note(waitToken.S.slice(-TOKEN_CHARACTERS), `task token of ${pk!.S!}`);
  }
};

const moveTo = async (at: string): Promise<void> => {
  await noteTaskTokens();
  await desk.moveTo(at);
  await noteTaskTokens();
};

const liveADay = async (world: World): Promise<void> => {
  const [party, correspondent] = [await life.newParty(world), await life.newParty(world)];
  await life.workOnTickets(world, party);
  await life.refuse(world, party);
  await life.mailIn(world, party);
  await life.bringFiles(world, correspondent);
  await life.letLettersFail(world, correspondent);
  await life.rateByLink(world, correspondent);
  await desk.settled();
  await noteTaskTokens();
  await life.endAClock(world, party);
  await life.exportAndErase(world, correspondent);
};

/** What fails inside is logged with an error; the record that it failed on stays out of it. */
const failInside = async ({ manager, canary, address }: World): Promise<void> => {
  const created = await manager.post('/v1/accounts', {
    ...{ name: canary('damaged-account'), planId: 'scalix-basic', timeZone: 'Europe/Berlin', region: 'DE-BY' },
    contacts: [{ email: address('damaged-contact'), name: 'Ann', role: 'administrator' }],
  });
  const { client, name } = table();
  const damage = (record: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: name,
        Key: { pk: { S: `ACCOUNT#${String(created.body.accountId)}` }, sk: { S: 'ACCOUNT' } },
        UpdateExpression: 'SET #record = :record',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: { ':record': { S: record } },
      }),
    );
  for (const record of [
    JSON.stringify({ accountId: 7, name: canary('wrong-type'), lots: canary('wrong-lots'), [canary('wrong-name')]: 1 }),
    `${canary('no-json')} {`,
  ]) {
    await damage(record);
    const answer = await manager.get(`/v1/accounts/${String(created.body.accountId)}`);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  }
};

/** Every function that the stack has, by the service that it names itself. */
const services = (): string[] =>
  running.blueprint.functions.map(({ entry }) => `makegood-${basename(entry, '.lambda.ts')}`).toSorted();

describe('what the functions log', () => {
  it('is ids, through a day of everything and a month of time', async () => {
    const eve = canaries.address('engineer');
    const world = {
      ...{ ...canaries, desk, eve },
      manager: await canaries.as({ role: 'manager', email: canaries.address('manager') }),
      engineer: await canaries.as({ role: 'engineer', email: eve, tier: 'TS1' }),
    };
    await liveADay(world);
    await moveTo('2026-03-20T12:00:00.000Z');
    await moveTo('2026-04-03T12:00:00.000Z');
    await failInside(world);
    expect(secrets.size).toBeGreaterThan(100);
    const text = log.join('\n').toLowerCase();
    const found = [...secrets].filter(([secret]) => text.includes(secret.toLowerCase()));
    const told = found.map(([secret, what]) => [
      what,
      log.find((line) => line.toLowerCase().includes(secret.toLowerCase()))?.slice(0, 400),
    ]);
    expect(told).toEqual([]);
    expect(text).not.toMatch(/canary|@[\w.-]*example\.com|eyj[\w-]{10}/);
  }, 120_000);

  it('comes of every function there is', () => {
    const said = new Set(log.flatMap((line) => /"service":"(makegood-[a-z-]+)"/.exec(line)?.[1] ?? []));
    expect([...said].toSorted()).toEqual(services());
  });

  it('is one line of JSON each, whatever was asked', () => {
    const broken = log.filter((line) => {
      try {
        return typeof JSON.parse(line) !== 'object';
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([]);
    expect(log.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
  });
});
