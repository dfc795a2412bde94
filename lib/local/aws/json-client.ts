/**
 * Calls a service that speaks AWS's JSON protocol, for the operations that no client among the dependencies has. It must not
 * know the service. The trap: local engines want a signature to be there, but none checks it.
 */
import { z } from 'zod';
import { REGION } from '../template/resolve.ts';
import { AwsError } from './aws-error.ts';

export type JsonClient = (operation: string, input: object) => Promise<unknown>;

const errorSchema = z.looseObject({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** A client of the service whose targets start with the prefix. Rejects with an AwsError for a refusal. */
export function jsonClient(endpoint: string, targetPrefix: string): JsonClient {
  return async (operation, input) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${targetPrefix}.${operation}`,
        'x-amz-date': '20200101T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=local/20200101/${REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const refusal = errorSchema.safeParse(answer);
    if (!refusal.success) throw new Error(`${operation} was answered with the status ${response.status}.`);
    const { __type: type, message, Message } = refusal.data;
    throw new AwsError(type.slice(type.lastIndexOf('#') + 1), message ?? Message ?? type);
  };
}
