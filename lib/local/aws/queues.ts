/**
 * SQS as far as an operator's commands use it: looking at dead letters, which hides them from others for a while, giving them back, and
 * taking them out. It must not know what is in them.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { DeskClock } from '../clock.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';
import { ACCOUNT, REGION } from '../template/resolve.ts';
import { AwsError } from './aws-error.ts';
import type { JsonService } from './endpoint.ts';

const receiveSchema = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().int().min(0).default(30),
});
const hideSchema = z.object({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().int().min(0) });
const removeSchema = z.object({ ReceiptHandle: z.string() });

const arnOf = (queueUrl: string): string =>
  `arn:aws:sqs:${REGION}:${ACCOUNT}:${queueUrl.slice(queueUrl.lastIndexOf('/') + 1)}`;

const messageOf = ({ id, body }: { id: string; body: unknown }) => {
  const Body = JSON.stringify(body);
  return { MessageId: id, ReceiptHandle: id, Body, MD5OfBody: createHash('md5').update(Body).digest('hex') };
};

/** The queues of the template, by what has been put into them; the oldest letters come first. */
export const queueService = (deadLetters: () => DeadLetters, clock: DeskClock): JsonService => {
  /** Until when each letter is hidden, by the desk's clock. */
  const hidden = new Map<string, number>();
  const hide = (id: string, seconds: number) => hidden.set(id, clock.now() + seconds * 1000);
  return (operation, input) => {
    switch (operation) {
      case 'ReceiveMessage': {
        const { QueueUrl, MaxNumberOfMessages, VisibilityTimeout } = receiveSchema.parse(input);
        const now = clock.now();
        const letters = deadLetters()
          .in(arnOf(QueueUrl))
          .filter(({ id }) => (hidden.get(id) ?? 0) <= now)
          .slice(0, MaxNumberOfMessages);
        for (const { id } of letters) hide(id, VisibilityTimeout);
        return Promise.resolve({ Messages: letters.map(messageOf) });
      }
      case 'ChangeMessageVisibility': {
        const { ReceiptHandle, VisibilityTimeout } = hideSchema.parse(input);
        hide(ReceiptHandle, VisibilityTimeout);
        return Promise.resolve({});
      }
      case 'DeleteMessage':
        deadLetters().remove(removeSchema.parse(input).ReceiptHandle);
        return Promise.resolve({});
      default:
        throw new AwsError('UnknownOperationException', `The local queues have no ${operation}.`);
    }
  };
};
