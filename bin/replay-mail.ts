/**
 * `npm run replay-mail -- --queue-url URL --function NAME [--message-id ID]`: hands the mails in the inbound function's dead-letter
 * queue to the function again, over the AWS CLI and with its credentials. One line of JSON a mail goes to standard output.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import * as z from 'zod';
import { replayMail, type Replayed, type ReplayServices } from '../lib/replay-mail.ts';

const run = promisify(execFile);
const LARGEST_OUTPUT_BYTES = 16 * 1024 * 1024;

const aws = async (...args: string[]): Promise<unknown> => {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { maxBuffer: LARGEST_OUTPUT_BYTES });
  return stdout.trim() === '' ? {} : (JSON.parse(stdout) as unknown);
};

const receivedSchema = z.object({
  Messages: z.array(z.object({ MessageId: z.string(), Body: z.string(), ReceiptHandle: z.string() })).default([]),
});
const invokedSchema = z.object({ FunctionError: z.string().optional() });

const servicesOf = (queueUrl: string, functionName: string, folder: string): ReplayServices => ({
  receive: async () => {
    const answer = await aws('sqs', 'receive-message', '--queue-url', queueUrl, '--max-number-of-messages', '10');
    const { Messages } = receivedSchema.parse(answer);
    return Messages.map(({ MessageId: id, Body: body, ReceiptHandle: receipt }) => ({ id, body, receipt }));
  },
  invoke: async (event) => {
    const [payload, answer] = [join(folder, 'event.json'), join(folder, 'answer.json')];
    await writeFile(payload, JSON.stringify(event));
    const invoked = await aws(
      'lambda',
      'invoke',
      '--function-name',
      functionName,
      '--payload',
      `fileb://${payload}`,
      answer,
    );
    const failed = invokedSchema.parse(invoked).FunctionError !== undefined;
    return { failed, answer: JSON.parse(await readFile(answer, 'utf8')) as unknown };
  },
  remove: async (receipt) => {
    await aws('sqs', 'delete-message', '--queue-url', queueUrl, '--receipt-handle', receipt);
  },
});

const USAGE = 'usage: npm run replay-mail -- --queue-url URL --function NAME [--message-id ID]';
const option = { type: 'string' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'queue-url': option, function: option, 'message-id': option } });
  const { 'queue-url': queueUrl, function: functionName, 'message-id': only } = values;
  if (queueUrl === undefined || functionName === undefined) throw new Error(USAGE);
  const folder = await mkdtemp(join(tmpdir(), 'replay-mail-'));
  const tell = (replayed: Replayed) => {
    process.stdout.write(`${JSON.stringify(replayed)}\n`);
    if (replayed.result === 'failed again') process.exitCode = 1;
  };
  try {
    await replayMail(servicesOf(queueUrl, functionName, folder), tell, only);
  } finally {
    await rm(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
