import { DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { createTables } from '../../lib/local/aws/tables.ts';
import { startEngine } from '../../lib/local/engine.ts';

test('a table whose making was cut short is finished at the next start, and one that is there is left as it is', async () => {
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const create = {
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  } as const;
  const table = {
    name: 'things',
    create: { ...create, AttributeDefinitions: [...create.AttributeDefinitions], KeySchema: [...create.KeySchema] },
  };
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await createTables(engine.endpoint, [table]);
  for (let starts = 1; starts <= 2; starts += 1) {
    await createTables(engine.endpoint, [{ ...table, expiryAttribute: 'expiresAt' }]);
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'things' }));
    expect(TimeToLiveDescription).toMatchObject({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  }
});
