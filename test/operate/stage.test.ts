/** Where an operator's command looks for a deployed stage. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { openStage } from '../../lib/operate/stage.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const OUTPUTS = { TableName: 'table', ClockArn: 'clock', SweepFunction: 'sweep', DispatchDeadLetters: 'https://queue' };
const ANSWER = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><Outputs>${Object.entries(
  OUTPUTS,
)
  .map(([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`)
  .join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

it.each([
  [{ AWS_REGION: undefined, AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1'],
  [{ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-central-1'],
])('is the region that the CLI takes from the environment: %j', async (environment, region) => {
  const asked: string[] = [];
  const server = createServer(({ headers }, response) => {
    asked.push(headers.authorization ?? '');
    response.writeHead(200, { 'content-type': 'text/xml' }).end(ANSWER);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  for (const [name, value] of Object.entries({
    ...environment,
    AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${String(port)}`,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }))
    vi.stubEnv(name, value);
  const { clients, ...parts } = await openStage({ stage: 'prod' });
  expect(parts).toMatchObject({ tableName: 'table', stateMachineArn: 'clock' });
  expect(parts).toMatchObject({ functions: { Sweep: 'sweep' }, queues: { Dispatch: 'https://queue' } });
  expect(asked).toEqual([expect.stringContaining(`/${region}/cloudformation/`)]);
  for (const client of Object.values(clients)) expect(await client.config.region()).toBe(region);
});
