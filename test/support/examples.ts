/**
 * Examples for the OpenAPI document, recorded from real calls: `EXAMPLES=record npx vitest run test/handlers/contract.test.ts`, then
 * `npm run openapi`. What changes from run to run (ids, fractions of seconds) is made the same; long lists are cut to their first item.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './desk.ts';

export interface Example {
  readonly request?: unknown;
  readonly response: unknown;
}

/** Enough of a page to see what it is. */
const PAGE_CHARACTERS = 400;

const file = join(import.meta.dirname, '../../lambdas/handlers/api/examples.generated.json');

export const isRecording = (): boolean => process.env.EXAMPLES === 'record';

const shortened = (key: string, value: unknown): unknown => {
  if (key === 'items' && Array.isArray(value)) return value.slice(0, 1);
  return typeof value === 'string' && value.startsWith('<!doctype') ? `${value.slice(0, PAGE_CHARACTERS)}…` : value;
};

/** A link as AWS would give it, without a signature that could be tried. */
const LINK = /http:\/\/127\.0\.0\.1:\d+\/[^"?]*\?[^"]*X-Amz-Signature=[^"]*/g;
const LINK_EXAMPLE = 'https://bucket.s3.us-east-1.amazonaws.com/…?X-Amz-Expires=300&X-Amz-Signature=…';

/** Ids in the order in which they appear, so that one ticket has one id in all examples. */
const withoutChance = (text: string): string => {
  const known = new Map<string, string>();
  return text
    .replace(LINK, LINK_EXAMPLE)
    .replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, (id) => {
      const stable = known.get(id) ?? `01J9ZC2M6Q4V7R8T5X3W1Y${String(known.size + 1).padStart(4, '0')}`;
      known.set(id, stable);
      return stable;
    })
    .replace(/\b[0-9a-f]{40}\b/g, '0f9c6f1b3d5e7a8c2b4d6e8f0a1c3e5d7f9b1a3c')
    .replace(/(T\d{2}:\d{2}:\d{2})\.\d{3}Z/g, '$1.000Z');
};

export const exampleOf = ({ sent, body }: Pick<Answer, 'sent' | 'body'>, takesBody: boolean): Example => ({
  ...(takesBody && { request: sent ?? {} }),
  response: 'openapi' in Object(body) ? { openapi: body.openapi, info: body.info } : body,
});

export const saveExamples = (examples: Readonly<Record<string, Example>>): void => {
  writeFileSync(file, `${withoutChance(JSON.stringify(examples, shortened, 1))}\n`);
};
