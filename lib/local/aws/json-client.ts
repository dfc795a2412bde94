/**
 * Calls a service that speaks AWS's JSON protocol, for the operations that no client among the dependencies has. It must not
 * know the service. The trap: local engines want a signature to be there, but none checks it.
 */
import { Agent, request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { REGION } from '../template/resolve.ts';
import { AwsError } from './aws-error.ts';

export type JsonClient = (operation: string, input: object) => Promise<unknown>;

const errorSchema = z.looseObject({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

const agent = new Agent({ keepAlive: true });

/** Half the price of a fetch, and a desk that goes through a year makes thousands of these. */
function post(url: string, headers: OutgoingHttpHeaders, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** A client of the service whose targets start with the prefix. Rejects with an AwsError for a refusal. */
export function jsonClient(endpoint: string, targetPrefix: string): JsonClient {
  return async (operation, input) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${targetPrefix}.${operation}`,
      'x-amz-date': '20200101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=local/20200101/${REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    };
    const { status, body } = await post(endpoint, headers, JSON.stringify(input));
    const answer: unknown = JSON.parse(body);
    if (status === 200) return answer;
    const refusal = errorSchema.safeParse(answer);
    if (!refusal.success) throw new Error(`${operation} was answered with the status ${status}.`);
    const { __type: type, message, Message } = refusal.data;
    throw new AwsError(type.slice(type.lastIndexOf('#') + 1), message ?? Message ?? type);
  };
}
