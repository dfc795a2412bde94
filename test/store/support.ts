/** Both engines that the store has to hold on, each with the table that the stack describes. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../lib/local/aws/tables.ts';
import { startEngine, type Engine } from '../../lib/local/engine.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { clientSettings } from '../../lambdas/store/client-settings.ts';
import { openTable, type Table } from '../../lambdas/store/table.ts';
import { preparedDesk } from '../support/desk.ts';

export const engines = ['dynoxide', 'dynamodb-local'] as const;

export interface TestTable {
  readonly table: Table;
  readonly stop: () => Promise<void>;
}

/** Its client is opened as the functions open theirs; one that is `watched` gets further steps later, and so keeps none. */
export const startTable = async (
  engine: (typeof engines)[number],
  { watched = false }: { watched?: boolean } = {},
): Promise<TestTable> => {
  const running: Engine = await startEngine({ engine });
  const { tables } = readTemplate(preparedDesk().template);
  await createTables(running.endpoint, tables);
  const [plan] = tables;
  if (!plan) throw new Error('the stack has no table');
  const client = new DynamoDBClient({
    ...clientSettings,
    cacheMiddleware: !watched,
    endpoint: running.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return { table: openTable(plan.name, client), stop: () => running.stop() };
};
