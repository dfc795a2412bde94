import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openLog, tellError } from '../../lambdas/handlers/log.ts';

const thrown = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('what is said of an error', () => {
  it('is its name, its message, where it was thrown, and its cause', () => {
    const told = tellError(new TypeError('no such thing', { cause: new RangeError('too far') }));
    expect(told).toMatchObject({ name: 'TypeError', message: 'no such thing', cause: { name: 'RangeError' } });
    expect(told.at).toEqual(expect.arrayContaining([expect.stringContaining('log.test.ts')]));
  });

  it('is never an address that a service names', () => {
    const refused = new Error('Email address is not verified: "Ann" <ann@example.com>, bob@example.com; in us-east-1');
    expect(tellError(refused).message).toBe(
      'Email address is not verified: "Ann" <(an address)>, (an address); in us-east-1',
    );
  });

  it('is never what could not be read, nor what an error carries beside its message', () => {
    const errors = [
      thrown(() => JSON.parse('secret {') as unknown),
      thrown(() => z.strictObject({}).parse({ secret: 1 })),
      thrown(() => z.object({ a: z.literal('x') }).parse({ a: 'secret' })),
      Object.assign(new Error('cancelled'), { CancellationReasons: [{ Item: { record: { S: 'secret' } } }] }),
      new Error('outer', { cause: thrown(() => JSON.parse('secret {') as unknown) }),
    ];
    for (const error of errors) expect(JSON.stringify(tellError(error))).not.toContain('secret');
  });

  it('is what the log is given, wherever the error stands', () => {
    const lines: unknown[] = [];
    const take = (...line: unknown[]) => lines.push(line);
    const logger = { debug: take, info: take, warn: take, error: take } as unknown as Parameters<typeof openLog>[0];
    openLog(logger).error('failed', { ticketId: 'tkt_1', error: thrown(() => JSON.parse('secret') as unknown) });
    expect(lines).toEqual([['failed', { ticketId: 'tkt_1', error: expect.objectContaining({ name: 'SyntaxError' }) }]]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});
