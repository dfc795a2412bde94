import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEngine } from '../../../lib/local/engine.ts';
import type { Engine } from '../../../lib/local/engine.ts';
import type { Integrations } from '../../../lib/local/states/calls.ts';
import { DYNAMODB, jsonClient } from '../../../lib/local/aws/json-client.ts';
import { dynamoDbIntegration } from '../../../lib/local/states/dynamodb.ts';

let engine: Engine;
let dynamodb: Integrations['dynamodb'];
beforeAll(async () => {
  engine = await startEngine();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  await new DynamoDBClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials }).send(
    new CreateTableCommand({
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  dynamodb = dynamoDbIntegration(jsonClient(engine.endpoint, DYNAMODB));
});
afterAll(() => engine.stop());

const Key = { pk: { S: 'one' } };

test('spells the types of attributes as the SDK integration of Step Functions does, both ways', async () => {
  const updated = await dynamodb.updateItem({
    ...{ TableName: 'things', Key, ReturnValues: 'ALL_NEW' },
    UpdateExpression: 'SET #open = :open, nested = :nested',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: {
      ':open': { Bool: true },
      ':nested': { M: { BOOL: { L: [{ Nul: true }, { Ss: ['a'] }, { N: '1' }] } } },
    },
  });
  const attributes = {
    ...{ pk: { S: 'one' }, open: { Bool: true } },
    nested: { M: { BOOL: { L: [{ Nul: true }, { Ss: ['a'] }, { N: '1' }] } } },
  };
  expect(updated).toEqual({ Attributes: attributes });
  expect(await dynamodb.getItem({ TableName: 'things', Key, ConsistentRead: true })).toEqual({ Item: attributes });
});

test('answers without an item when there is none', async () => {
  expect(await dynamodb.getItem({ TableName: 'things', Key: { pk: { S: 'none' } } })).toEqual({});
});

test('rejects with the error of DynamoDB', async () => {
  const update = dynamodb.updateItem({
    ...{ TableName: 'things', Key: { pk: { S: 'none' } }, UpdateExpression: 'SET a = :a' },
    ...{ ConditionExpression: 'attribute_exists(pk)', ExpressionAttributeValues: { ':a': { N: '1' } } },
  });
  await expect(update).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
});
