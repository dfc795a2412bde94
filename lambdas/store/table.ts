/**
 * The one table behind every repository: its name and the document client. No endpoint is named here: the AWS SDK reads its own
 * environment, on AWS and on a laptop alike.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface Table {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
}

export const openTable = (name: string, client: DynamoDBClient = new DynamoDBClient()): Table => ({
  name,
  client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
});
