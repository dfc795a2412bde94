import { describe, expect, it } from 'vitest';
import { allOf, oneOf, someOf, templateFor } from './support.ts';

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

describe('a table that was restored', () => {
  const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/desk-restored';
  const stream = `${arn}/stream/2026-03-02T08:00:00.000`;
  const moved = templateFor({ stage: 'prod', restoredTableStream: stream });

  it('takes the place of the stack’s own in every function, in the clock and behind the stream', () => {
    expect(allOf(moved, 'AWS::DynamoDB::Table')).toEqual([]);
    for (const { properties } of someOf(moved, 'AWS::Lambda::Function')) {
      const { Variables } = properties.Environment as { Variables: Record<string, unknown> };
      if ('TABLE_NAME' in Variables) expect(Variables.TABLE_NAME).toBe('desk-restored');
    }
    expect(JSON.stringify(oneOf(moved, 'AWS::StepFunctions::StateMachine').properties)).toContain('desk-restored');
    expect(oneOf(moved, 'AWS::Lambda::EventSourceMapping').properties.EventSourceArn).toBe(stream);
  });

  it('and its indexes are all that the functions may read', () => {
    const policies = JSON.stringify(someOf(moved, 'AWS::IAM::Policy'));
    for (const resource of [arn, `${arn}/index/queue`, `${arn}/index/byAccount`])
      expect(policies).toContain(`"${resource}"`);
  });
});
