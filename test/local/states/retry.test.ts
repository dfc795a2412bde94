import { describe, expect, test } from 'vitest';
import { invoking, machine, named, second, smallDesk, startAt } from './desk.ts';

const done = { Type: 'Succeed' };

describe('a retry', () => {
  const desk = (retry: object[], more: { random?: () => number; errors?: string[]; others?: object } = {}) => {
    const attempts: [number, unknown][] = [];
    const errors = [...(more.errors ?? [])];
    const small = smallDesk({
      definition: machine({
        Settle: invoking({
          Arguments: { FunctionName: 'arn:function', Payload: '{% $states.context.State.RetryCount %}' },
          Retry: retry,
          ...(more.others ?? { End: true }),
        }),
        Caught: done,
      }),
      ...(more.random === undefined ? {} : { random: more.random }),
      invoke: (payload) => {
        attempts.push([(small.clock.now() - startAt) / second, payload]);
        const error = errors.shift();
        return error === undefined ? Promise.resolve('fine') : Promise.reject(named(error));
      },
    });
    return { small, attempts };
  };

  test('comes after a back-off by the desk clock, and counts as a transition', async () => {
    const { small, attempts } = desk(
      [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 6, MaxDelaySeconds: 10 }],
      { errors: ['A', 'B', 'C', 'D'] },
    );
    const arn = small.start();
    await small.move(3_600 * second);
    expect(attempts).toEqual([
      [0, 0],
      [2, 1],
      [6, 2],
      [14, 3],
      [24, 4],
    ]);
    expect(small.standing(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"fine"', transitions: 5 });
    expect(small.machines.executionHistory(arn).map(({ type, at, error }) => [type, at - startAt, error])).toEqual([
      ['ExecutionStarted', 0, undefined],
      ['TaskStateEntered', 0, undefined],
      ['TaskFailed', 0, 'A'],
      ['TaskFailed', 2_000, 'B'],
      ['TaskFailed', 6_000, 'C'],
      ['TaskFailed', 14_000, 'D'],
      ['ExecutionSucceeded', 24_000, undefined],
    ]);
  });

  test('draws its delay by chance with full jitter', async () => {
    const { small, attempts } = desk(
      [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 8, BackoffRate: 2, JitterStrategy: 'FULL' }],
      { errors: ['A', 'B'], random: () => 0.25 },
    );
    small.start();
    await small.move(60 * second);
    expect(attempts.map(([at]) => at)).toEqual([0, 2, 6]);
  });

  test('has the defaults of AWS, and ends in the error when they are used up', async () => {
    const { small, attempts } = desk([{ ErrorEquals: ['States.ALL'] }], { errors: ['A', 'B', 'C', 'D', 'E'] });
    const arn = small.start();
    await small.move(60 * second);
    expect(attempts.map(([at]) => at)).toEqual([0, 1, 3, 7]);
    expect(small.standing(arn)).toMatchObject({ status: 'FAILED', error: 'D' });
  });

  test('is decided by the first retrier that names the error, each counting for itself', async () => {
    const retriers = [
      { ErrorEquals: ['Never'], MaxAttempts: 0 },
      { ErrorEquals: ['Once'], MaxAttempts: 1, IntervalSeconds: 5 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 10, BackoffRate: 1 },
    ];
    const never = desk(retriers, { errors: ['Never'] });
    expect(await never.small.run()).toMatchObject({ status: 'FAILED', error: 'Never' });
    const mixed = desk(retriers, { errors: ['Other', 'Once', 'Once'] });
    const arn = mixed.small.start();
    await mixed.small.move(60 * second);
    expect(mixed.attempts.map(([at]) => at)).toEqual([0, 10, 15]);
    expect(mixed.small.standing(arn)).toMatchObject({ status: 'FAILED', error: 'Once' });
  });

  test('goes before a catch, which gets the last error', async () => {
    const { small, attempts } = desk([{ ErrorEquals: ['A'], MaxAttempts: 1 }], {
      errors: ['A', 'A'],
      others: {
        Catch: [
          { ErrorEquals: ['States.Timeout'], Next: 'Settle' },
          { ErrorEquals: ['States.TaskFailed'], Next: 'Caught', Output: { was: '{% $states.errorOutput.Error %}' } },
        ],
        End: true,
      },
    });
    const arn = small.start();
    await small.move(60 * second);
    expect(attempts).toHaveLength(2);
    expect(small.standing(arn).output).toBe('{"was":"A"}');
  });

  test('also covers an output that cannot be worked out', async () => {
    let answers = 0;
    const small = smallDesk({
      definition: machine({
        Settle: invoking({
          Output: '{% $states.result.Payload.value %}',
          Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }],
          End: true,
        }),
      }),
      invoke: () => Promise.resolve((answers += 1) === 1 ? {} : { value: 'second' }),
    });
    const arn = small.start();
    await small.move(60 * second);
    expect(small.standing(arn).output).toBe('"second"');
  });
});
