/**
 * Cold starts: how much code each function is, and how long a fresh process takes to load it and to answer for the first time, beside
 * one that loads the same clients of the AWS SDK and nothing else. Both are bundled as the deployment does. The trap: the times are the
 * processor's and not the clock's, which tells more of what else the machine does; and this is not Lambda, so only ratios count. The
 * start of Node itself is in the answer and not in the load.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deployedCode, deployedFunctions, type Deployed } from '../support/deployed.ts';
import type { Bench, Context, Measured } from './bench.ts';
import { firstEvents, prepareTable, variables } from './cold-start-events.ts';
import { median, spreadOf } from './figures.ts';

const MOST_KB = 450;
/** At most this many times what loading the clients takes anyway. */
const MOST_LOAD_RATIO = 1.3;
/** Odd, so that the median is one of the measurements. */
const ROUNDS = 7;

/** Prints what loading took, and what everything took from the process's own start to the first answer: milliseconds of processor time. */
const STARTER = `
const [file, event] = process.argv.slice(1);
const used = () => (({ user, system }) => (user + system) / 1000)(process.cpuUsage());
const before = used();
const { handler } = await import(file);
const load = used() - before;
if (event !== '') await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 60_000 });
const answered = used();
process.stdout.write('\\n' + JSON.stringify({ load, answered }), () => process.exit(0));
`;

interface Start {
  readonly load: number;
  readonly answered: number;
}

const start = (file: string, event: unknown, environment: Readonly<Record<string, string>>): Start => {
  const given = event === undefined ? '' : JSON.stringify(event);
  const options = { env: { PATH: process.env.PATH, ...environment }, encoding: 'utf8' } as const;
  const output = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', STARTER, pathToFileURL(file).href, given],
    options,
  );
  return JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as Start;
};

const CLIENTS: Readonly<Record<string, string>> = {
  '@aws-sdk/client-dynamodb': 'DynamoDBClient',
  '@aws-sdk/client-eventbridge': 'EventBridgeClient',
  '@aws-sdk/client-s3': 'S3Client',
  '@aws-sdk/client-ses': 'SESClient',
  '@aws-sdk/client-sfn': 'SFNClient',
};

const clientsOf = ({ packages }: Deployed): readonly string[] => packages.filter((name) => name in CLIENTS);

/** Loads the clients, and answers with one read of the table. */
const bareCode = (clients: readonly string[]): string =>
  [
    ...clients.map((name) => `import { ${CLIENTS[name] ?? ''} } from '${name}';`),
    `import { DynamoDBClient as Client, GetItemCommand } from '@aws-sdk/client-dynamodb';`,
    ...(clients.includes('@aws-sdk/client-s3')
      ? [`import { getSignedUrl } from '@aws-sdk/s3-request-presigner'; export { getSignedUrl };`]
      : []),
    `export const others = [${clients.map((name) => `new ${CLIENTS[name] ?? ''}()`).join(', ')}];`,
    'const table = new Client();',
    `const Key = { pk: { S: 'any' }, sk: { S: 'any' } };`,
    `export const handler = () => table.send(new GetItemCommand({ TableName: process.env.TABLE_NAME, Key }));`,
  ].join('\n');

interface Pair {
  readonly one: Deployed;
  readonly own: string;
  readonly bare: string;
}

/** Starts both in turn, so that each ratio is of one moment. */
const race = ({ one, own, bare }: Pair, environment: Readonly<Record<string, string>>): Measured[] => {
  const event = firstEvents[one.name];
  const rounds = Array.from({ length: ROUNDS }, () => ({
    own: start(own, event, environment),
    bare: start(bare, event && {}, environment),
  }));
  const compare = (what: keyof Start, name: string): Measured => {
    const ratios = rounds.map((round) => round.own[what] / round.bare[what]);
    const medianOf = (who: 'own' | 'bare'): number => median(rounds.map((round) => round[who][what]));
    return {
      ...{ case: `${one.name}: ${name}`, value: medianOf('own'), unit: 'ms', beside: medianOf('bare') },
      ...{ against: 'the clients alone', ratio: median(ratios), spread: spreadOf(ratios) },
    };
  };
  return [
    { ...compare('load', 'load'), goal: { atMost: MOST_LOAD_RATIO } },
    compare(
      'answered',
      event === undefined ? 'ready, from the start of the process' : 'first answer, from the start of the process',
    ),
  ];
};

const sizeOf = ({ name, code }: Deployed): Measured => ({
  ...{ case: `${name}: size`, value: code.length / 1000, unit: 'kB', goal: { atMost: MOST_KB } },
});

const measureIn = async (folder: string, { progress }: Context): Promise<Measured[]> => {
  const functions = await deployedFunctions();
  const { endpoint, tableName, stop } = await prepareTable();
  try {
    const environment = { ...variables, TABLE_NAME: tableName, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
    const measured = functions.map(sizeOf);
    for (const one of functions) {
      const clients = clientsOf(one);
      if (clients.length === 0) continue;
      progress(one.name);
      const [own, bare] = [join(folder, `${one.name}.mjs`), join(folder, `${one.name}-bare.mjs`)];
      writeFileSync(own, one.code);
      writeFileSync(bare, await deployedCode(bareCode(clients)));
      measured.push(...race({ one, own, bare }, environment));
    }
    return measured;
  } finally {
    await stop();
  }
};

export const coldStart: Bench = {
  name: 'cold-start',
  run: async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'makegood-cold-start-'));
    try {
      return await measureIn(folder, context);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
