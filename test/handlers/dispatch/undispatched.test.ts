/** What the log says of a record that could not be dispatched. */
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('the log names the record by its key and by its place in the stream', async () => {
  vi.stubEnv('TABLE_NAME', 'table');
  vi.stubEnv('STATE_MACHINE_ARN', 'arn:aws:states:us-east-1:000000000000:stateMachine:clock');
  vi.stubEnv('BUS_NAME', 'bus');
  vi.stubEnv('STAGE', 'test');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'makegood-dispatch');
  const { handler } = await import('../../../lambdas/handlers/dispatch.lambda.ts');
  const written: string[] = [];
  const take = (chunk: unknown) => written.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
  const Keys = { pk: { S: 'TICKET#tkt_x' }, sk: { S: 'EVENT#00000002' } };
  const NewImage = { ...Keys, entity: { S: 'event' }, record: { S: 'damaged' } };
  const broken = { eventName: 'INSERT', dynamodb: { Keys, NewImage, SequenceNumber: '77' } } as const;
  expect(await handler({ Records: [broken] })).toEqual({ batchItemFailures: [{ itemIdentifier: '77' }] });
  vi.restoreAllMocks();
  expect(written.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'ERROR', message: 'not dispatched', record: 'TICKET#tkt_x EVENT#00000002', itemIdentifier: '77' },
  ]);
});
