/**
 * The local desk grants everything, so a right that a function lacks would show on AWS alone. Here each handler is bundled with
 * what it does not use left out, and its role must allow every AWS call that remains.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { functionOf, FUNCTIONS, referenced, statementsOf, templateFor, WITH_INBOUND, WITH_MAIL } from './support.ts';

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetItemCommand: ['dynamodb:GetItem'],
  BatchGetItemCommand: ['dynamodb:BatchGetItem'],
  QueryCommand: ['dynamodb:Query'],
  PutItemCommand: ['dynamodb:PutItem'],
  UpdateItemCommand: ['dynamodb:UpdateItem'],
  DeleteItemCommand: ['dynamodb:DeleteItem'],
  TransactWriteItemsCommand: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  PutEventsCommand: ['events:PutEvents'],
  StartExecutionCommand: ['states:StartExecution'],
  SendTaskSuccessCommand: ['states:SendTaskSuccess'],
  SendTaskFailureCommand: ['states:SendTaskFailure'],
  SendRawEmailCommand: ['ses:SendRawEmail'],
  GetObjectCommand: ['s3:GetObject'],
  PutObjectCommand: ['s3:PutObject'],
  DeleteObjectCommand: ['s3:DeleteObject'],
};

const callsOf = async (entry: string): Promise<string[]> => {
  const root = join(import.meta.dirname, '../..');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    treeShaking: true,
  });
  const text = outputFiles.map((file) => file.text).join('\n');
  // The bundler numbers what several files import by the same name.
  return [...text.matchAll(/\bnew (\w+?Command)\d*\(/g)].map(([, command = '']) => command);
};

/** Done for a function with its role: its log and traces, reading the stream, keeping what failed. */
const BY_LAMBDA = [
  ...['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action}`),
  ...['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
];

/** Calls that stay in a bundle because they share an object with one that is used, and that the function never makes. */
const NEVER_MADE: Readonly<Record<string, readonly string[]>> = {
  sweep: ['SendTaskSuccessCommand', 'SendTaskFailureCommand'],
};

it.each([...FUNCTIONS, 'inbound', 'mail-events'])('the %s function may do all that it asks of AWS', async (name) => {
  const template = templateFor({ ...WITH_MAIL, ...WITH_INBOUND });
  const { properties, resource } = functionOf(template, name);
  const calls = await callsOf(String(resource.Metadata?.['makegood:entry']));
  const made = calls.filter((call) => !NEVER_MADE[name]?.includes(call));
  const needed = made.flatMap((call) => ACTIONS[call] ?? [`an action for ${call}`]);
  const granted = statementsOf(template, referenced(properties.Role)).flatMap(({ Action }) => Action);
  expect(needed.length > 0).toBe(name !== 'contract');
  expect(granted).toEqual(expect.arrayContaining(needed));
  // Nor may it do what it never asks: what is left over is Lambda's own work for it.
  const idle = [...new Set(granted)].filter((action) => !needed.includes(action) && !BY_LAMBDA.includes(action));
  expect(idle).toEqual([]);
});
