/**
 * Calls a service that speaks AWS's JSON protocol, for the operations that no client among the dependencies has. It must not
 * know the service. The trap: local engines want a signature to be there, but none checks it.
 */
import { Agent, request } from 'node:http';
import * as z from 'zod';
import { LOCAL_KEYS, REGION } from '../template/resolve.ts';
import { AwsError } from './aws-error.ts';

/** The prefix of the targets of DynamoDB. */
export const DYNAMODB = 'DynamoDB_20120810';

export type JsonClient = (operation: string, input: object) => Promise<unknown>;

/** Headers of a signature of the form that AWS wants, by nobody. */
export const unsigned = (service: string): Readonly<Record<string, string>> => ({
  'x-amz-date': '20200101T000000Z',
  authorization: `AWS4-HMAC-SHA256 Credential=${LOCAL_KEYS.accessKeyId}/20200101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

const errorSchema = z.looseObject({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

const agent = new Agent({ keepAlive: true });

export interface JsonAnswer {
  readonly statusCode: number;
  readonly body: Buffer;
}
/** Sends a request of one operation and passes on whatever answer comes. */
export type Send = (operation: string, body: string) => Promise<JsonAnswer>;

/** Half the price of a fetch, and a desk that goes through a year makes thousands of these. */
export const sender =
  (endpoint: string, targetPrefix: string): Send =>
  (operation, body) =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${targetPrefix}.${operation}`,
        ...unsigned('dynamodb'),
      };
      const call = request(endpoint, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ statusCode: response.statusCode ?? 0, body: Buffer.concat(chunks) });
        });
      });
      call.on('error', reject);
      call.end(body);
    });

/** A client over a way to send. Rejects with an AwsError for a refusal. */
export const clientOver =
  (send: Send): JsonClient =>
  async (operation, input) => {
    const { statusCode, body } = await send(operation, JSON.stringify(input));
    const answer: unknown = JSON.parse(body.toString('utf8'));
    if (statusCode === 200) return answer;
    const refusal = errorSchema.safeParse(answer);
    if (!refusal.success) throw new Error(`${operation} was answered with the status ${statusCode}.`);
    const { __type: type, message, Message } = refusal.data;
    throw new AwsError(type.slice(type.lastIndexOf('#') + 1), message ?? Message ?? type);
  };

/** A client of the service whose targets start with the prefix. */
export const jsonClient = (endpoint: string, targetPrefix: string): JsonClient =>
  clientOver(sender(endpoint, targetPrefix));
