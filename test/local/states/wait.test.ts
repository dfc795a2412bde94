import { describe, expect, test } from 'vitest';
import type { UpdateArguments } from './desk.ts';
import { day, machine, refusedByDynamoDb, second, smallDesk, startAt, waiting } from './desk.ts';

const done = { Type: 'Succeed' };
const definition = machine({
  Await: waiting({
    TimeoutSeconds: '{% $floor(($toMillis($states.input.deadlineAt) - $millis()) / 1000) + 1 %}',
    Catch: [
      { ErrorEquals: ['States.TaskFailed'], Next: 'Failed' },
      { ErrorEquals: ['States.Timeout'], Next: 'Missed', Output: '{% $now() %}' },
    ],
    Next: 'Changed',
  }),
  Changed: done,
  Missed: done,
  Failed: done,
});
const input = { deadlineAt: new Date(startAt + 3_600 * second).toISOString() };
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

const parkedDesk = async () => {
  const parked: UpdateArguments[] = [];
  const desk = smallDesk({ definition, updateItem: (args) => (parked.push(args), Promise.resolve({})) });
  const arn = desk.start(input);
  await desk.activity.settled();
  return { desk, arn, token: parked[0]!.token };
};

describe('a wait for a signal', () => {
  test('parks, which is no activity, and ends with what the signal brings', async () => {
    const { desk, arn, token } = await parkedDesk();
    expect(desk.standing(arn)).toMatchObject({ status: 'RUNNING', position: { state: 'Await' } });
    desk.machines.sendTaskSuccess(token, '{"version":2}');
    await desk.activity.settled();
    expect(desk.standing(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"version":2}', transitions: 2 });
    expect(desk.clock.nextDueAt()).toBeUndefined();
  });

  test('times out to the second of the desk clock', async () => {
    const { desk, arn } = await parkedDesk();
    await desk.move(3_600 * second);
    expect(desk.standing(arn).status).toBe('RUNNING');
    await desk.move(30 * day);
    expect(desk.standing(arn)).toMatchObject({
      output: `"${new Date(startAt + 3_601 * second).toISOString()}"`,
      stoppedAt: startAt + 3_601 * second,
    });
  });

  test('fails with the error of a failure that is sent', async () => {
    const { desk, arn, token } = await parkedDesk();
    desk.machines.sendTaskFailure(token, 'Refused', 'by hand');
    await desk.activity.settled();
    expect(desk.standing(arn).output).toBe('{"Error":"Refused","Cause":"by hand"}');
  });

  test('takes a signal that comes before its own call was answered', async () => {
    const desk = smallDesk({
      definition,
      updateItem: ({ token }) => {
        desk.machines.sendTaskSuccess(token, '"early"');
        return new Promise((resolve) => setImmediate(resolve, {}));
      },
    });
    expect(await desk.run(input)).toMatchObject({ status: 'SUCCEEDED', output: '"early"', transitions: 2 });
  });

  test('goes where the catch leads when its call fails, and its token is over', async () => {
    let token = '';
    const desk = smallDesk({
      definition,
      updateItem: (args) => {
        token = args.token;
        return Promise.reject(refusedByDynamoDb('ConditionalCheckFailedException'));
      },
    });
    const end = await desk.run(input);
    expect(JSON.parse(end.output!)).toMatchObject({ Error: 'DynamoDb.ConditionalCheckFailedException' });
    expect(() => {
      desk.machines.sendTaskSuccess(token, '{}');
    }).toThrow(code('TaskTimedOut'));
  });

  test('names an engine that cannot be reached otherwise than a refusal', async () => {
    const desk = smallDesk({ definition, updateItem: () => Promise.reject(new Error('ECONNREFUSED')) });
    expect(JSON.parse((await desk.run(input)).output!)).toMatchObject({ Error: 'DynamoDb.SdkClientException' });
  });

  test('has a new token after a retry, due by the deadline all the same, and the old one is over', async () => {
    const tokens: string[] = [];
    const desk = smallDesk({
      definition: machine({
        Await: waiting({
          TimeoutSeconds: '{% $floor(($toMillis($states.input.deadlineAt) - $millis()) / 1000) + 1 %}',
          Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 60 }],
          End: true,
        }),
      }),
      updateItem: ({ token }) =>
        tokens.push(token) === 1 ? Promise.reject(refusedByDynamoDb('InternalServerError')) : Promise.resolve({}),
    });
    const arn = desk.start(input);
    await desk.move(59 * second);
    expect(() => {
      desk.machines.sendTaskSuccess(tokens[0]!, '{}');
    }).toThrow(code('TaskTimedOut'));
    await desk.move(10 * second);
    expect(tokens).toHaveLength(2);
    expect(desk.standing(arn).position?.parked?.dueAt).toBe(startAt + 3_601 * second);
    expect(() => {
      desk.machines.sendTaskSuccess(tokens[0]!, '{}');
    }).toThrow(code('TaskTimedOut'));
    desk.machines.sendTaskSuccess(tokens[1]!, '"second"');
    await desk.activity.settled();
    expect(desk.standing(arn).output).toBe('"second"');
  });

  test('refuses a TimeoutSeconds that is no whole number of seconds', async () => {
    const desk = smallDesk({ definition: machine({ Await: waiting({ TimeoutSeconds: '{% 1.5 %}', End: true }) }) });
    expect(await desk.run()).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('a token', () => {
  test('is over once a signal was taken, although nothing has followed yet', async () => {
    const { desk, token } = await parkedDesk();
    desk.machines.sendTaskSuccess(token, '{}');
    expect(() => {
      desk.machines.sendTaskSuccess(token, '{}');
    }).toThrow(code('TaskTimedOut'));
    expect(() => {
      desk.machines.sendTaskFailure(token);
    }).toThrow(code('TaskTimedOut'));
  });

  test('is over once its wait timed out', async () => {
    const { desk, arn, token } = await parkedDesk();
    await desk.move(2 * 3_600 * second);
    expect(() => {
      desk.machines.sendTaskSuccess(token, '{}');
    }).toThrow(code('TaskTimedOut'));
    expect(desk.standing(arn).output).toContain('2026-03-02T10:00:01');
  });

  test('is invalid when it is none of ours or was changed', async () => {
    const { desk, arn, token } = await parkedDesk();
    const [body, signature] = token.split('.');
    const other = `${Buffer.from(`1 ${arn}x`).toString('base64url')}.${signature}`;
    for (const wrong of ['nonsense', body!, `${token}x`, other]) {
      expect(() => {
        desk.machines.sendTaskSuccess(wrong, '{}');
      }).toThrow(code('InvalidToken'));
    }
    expect(desk.standing(arn).status).toBe('RUNNING');
  });

  test('still stands after a signal whose output is no JSON', async () => {
    const { desk, arn, token } = await parkedDesk();
    expect(() => {
      desk.machines.sendTaskSuccess(token, 'no json');
    }).toThrow(code('InvalidOutput'));
    desk.machines.sendTaskSuccess(token, '1');
    await desk.activity.settled();
    expect(desk.standing(arn).status).toBe('SUCCEEDED');
  });
});

test('an execution ends after a year, whatever it waits for', async () => {
  const desk = smallDesk({
    definition: machine({ Await: waiting({ End: true }) }),
    updateItem: () => Promise.resolve({}),
  });
  const arn = desk.start();
  await desk.move(400 * day);
  expect(desk.standing(arn)).toMatchObject({ status: 'TIMED_OUT', stoppedAt: startAt + 365 * day });
});

/** How often an execution parks in 90 days whose waits are of so many times 1,000 s, then of 500 times more each, of 30 days at most. */
const timesParked = (first: number): number => {
  let times = 0;
  for (let [now, n] = [0, first]; now <= 90 * 86_400; now += Math.min(2_592_000, n * 1000), n += 500) times += 1;
  return times;
};

test('2,000 parked executions that re-read every 30 days are moved by 90 days, each through its own waits alone', async () => {
  let parked = 0;
  const desk = smallDesk({
    definition: machine({
      Await: waiting({
        TimeoutSeconds: '{% $max([1, $min([2592000, $states.input.n * 1000])]) %}',
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Open?', Output: '{% {"n": $states.input.n + 500} %}' }],
        Next: 'Open?',
      }),
      'Open?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.open = false %}', Next: 'Done' }],
        Default: 'Await',
      },
      Done: done,
    }),
    updateItem: () => ((parked += 1), Promise.resolve({})),
  });
  for (let n = 0; n < 2_000; n += 1) desk.start({ n: n + 1 });
  await desk.move(90 * day);
  const expected = Array.from({ length: 2_000 }, (_, n) => timesParked(n + 1)).reduce((sum, one) => sum + one, 0);
  expect(parked).toBe(expected);
});
