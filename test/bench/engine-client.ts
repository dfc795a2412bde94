/** The AWS SDK's own client for a local engine, for what is not timed: tables are made and looked up with it. */
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';

export const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** The name of the one table that a desk has made in its engine. */
export const deskTableIn = async (client: DynamoDBClient): Promise<string> => {
  const { TableNames: [name] = [] } = await client.send(new ListTablesCommand());
  if (name === undefined) throw new Error('the engine has no table');
  return name;
};
