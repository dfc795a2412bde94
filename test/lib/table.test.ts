import { describe, expect, it } from 'vitest';
import { oneOf, templateFor } from './support.ts';

const TABLE = 'AWS::DynamoDB::Table';
const dev = oneOf(templateFor(), TABLE);
const prod = oneOf(templateFor({ stage: 'prod' }), TABLE);

describe('the table', () => {
  it('is on demand, streams new images, restores to any moment and forgets by expiresAt', () => {
    expect(dev.properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('has its keys and the two indexes, which hold keys and what the reminder says', () => {
    const keys = (pk: string, sk: string) => [
      { AttributeName: pk, KeyType: 'HASH' },
      { AttributeName: sk, KeyType: 'RANGE' },
    ];
    expect(dev.properties.KeySchema).toEqual(keys('pk', 'sk'));
    expect(dev.properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byAccount',
        KeySchema: keys('byAccountPk', 'byAccountSk'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: 'queue',
        KeySchema: keys('queuePk', 'queueSk'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['unanswered'] },
      },
    ]);
  });

  it('is kept and protected in production', () => {
    expect(prod.properties.DeletionProtectionEnabled).toBe(true);
    expect(prod.resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('goes with the stack anywhere else', () => {
    expect(dev.properties.DeletionProtectionEnabled).toBe(false);
    expect(dev.resource).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});
