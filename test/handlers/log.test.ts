import { afterEach, describe, expect, it, vi } from 'vitest';
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

describe('the level that is set', () => {
  const said = (environment: Readonly<Record<string, string>>): string[] => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const written: string[] = [];
    const take = (chunk: unknown) => written.push(String(chunk)) > 0;
    vi.spyOn(process.stdout, 'write').mockImplementation(take);
    vi.spyOn(process.stderr, 'write').mockImplementation(take);
    const log = openLog();
    for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name](`told as ${name}`);
    vi.restoreAllMocks();
    return written.flatMap((line) => /told as (\w+)/.exec(line)?.[1] ?? []);
  };
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('holds under Lambda too, whose own level is lower for the sake of the metrics', () => {
    expect(said({ POWERTOOLS_LOG_LEVEL: 'WARN', AWS_LAMBDA_LOG_LEVEL: 'INFO' })).toEqual(['warn', 'error']);
    expect(said({ POWERTOOLS_LOG_LEVEL: 'ERROR', AWS_LAMBDA_LOG_LEVEL: 'INFO' })).toEqual(['error']);
  });

  it('is INFO by itself, and DEBUG tells everything', () => {
    expect(said({})).toEqual(['info', 'warn', 'error']);
    expect(said({ POWERTOOLS_LOG_LEVEL: 'DEBUG', AWS_LAMBDA_LOG_LEVEL: 'DEBUG' })).toHaveLength(4);
  });
});
