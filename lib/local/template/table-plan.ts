/**
 * The tables of the template, as requests that any DynamoDB engine understands. Settings of protection, backup and capacity
 * are left out: an engine on one machine has nothing to do with them.
 */
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { tableProperties } from './properties.ts';
import type { Stack } from './stack.ts';

export interface TablePlan {
  readonly name: string;
  /** The stream's ARN in the template; the engine has none, `streams/change-log.ts` keeps it. Absent when the table has no stream. */
  readonly streamArn?: string;
  readonly create: CreateTableCommandInput;
  /** The attribute by which items expire, in seconds since the epoch. */
  readonly expiryAttribute?: string;
}

export function readTables(stack: Stack): TablePlan[] {
  return ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']
    .flatMap((type) => stack.resources(type, tableProperties))
    .map(({ name, attributes, properties }) => ({
      name,
      ...(properties.StreamSpecification && { streamArn: attributes.StreamArn ?? '' }),
      ...(properties.TimeToLiveSpecification?.Enabled && {
        expiryAttribute: properties.TimeToLiveSpecification.AttributeName,
      }),
      create: {
        TableName: name,
        AttributeDefinitions: properties.AttributeDefinitions,
        KeySchema: properties.KeySchema,
        BillingMode: properties.BillingMode,
        ...(properties.GlobalSecondaryIndexes.length > 0 && {
          GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
            IndexName,
            KeySchema,
            Projection,
          })),
        }),
      },
    }));
}
