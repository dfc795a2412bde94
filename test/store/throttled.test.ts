/** A transaction that DynamoDB cancels: what each reason means to who asked for it. The engines never say these things by themselves. */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { commit } from '../../lambdas/store/commit.ts';
import { BusyError } from '../../lambdas/store/busy-error.ts';
import { openTable } from '../../lambdas/store/table.ts';
import { accountOn } from '../support/records.ts';

/** A table whose transactions are all cancelled for this reason. */
const cancelling = (code: string) => {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const cancelled = () =>
    Promise.reject(
      new TransactionCanceledException({
        message: `Transaction cancelled [${code}]`,
        $metadata: {},
        CancellationReasons: [{ Code: 'None' }, { Code: code }],
      }),
    );
  client.middlewareStack.add(() => cancelled, { step: 'finalizeRequest', priority: 'low' });
  return openTable('table', client);
};
const write = (code: string) => commit(cancelling(code), { account: { after: accountOn('scalix-basic') } });

describe('a transaction that was cancelled', () => {
  it.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])('for %s may be sent again: the desk is busy', (code) =>
    expect(write(code)).rejects.toBeInstanceOf(BusyError),
  );

  it.each(['ConditionalCheckFailed', 'TransactionConflict'])('for %s is decided again', (code) =>
    expect(write(code)).resolves.toBe('stale'),
  );

  it('for anything else is an error', () =>
    expect(write('ValidationError')).rejects.toBeInstanceOf(TransactionCanceledException));
});
