import { describe, expect, test } from 'vitest';
import { invoking, machine, machineArn, named, second, smallDesk, startAt } from './desk.ts';

const done = { Type: 'Succeed' };

describe('an execution', () => {
  test('goes where its choice leads and ends with what comes out', async () => {
    const desk = smallDesk({
      definition: machine({
        'Open?': {
          Type: 'Choice',
          Choices: [
            { Condition: '{% $states.input.open = false %}', Next: 'Closed' },
            {
              Condition: '{% $states.input.n > 5 %}',
              Next: 'Many',
              Output: { n: '{% $states.input.n * 2 %}', kept: 'n' },
            },
          ],
          Default: 'Few',
          Output: 'by default',
        },
        Closed: { Type: 'Succeed', Output: 'closed' },
        Many: done,
        Few: done,
      }),
    });
    expect(await desk.run({ open: false })).toMatchObject({ status: 'SUCCEEDED', output: '"closed"', transitions: 2 });
    expect((await desk.run({ open: true, n: 7 })).output).toBe('{"n":14,"kept":"n"}');
    expect((await desk.run({ open: true, n: 1 })).output).toBe('"by default"');
  });

  test('gives expressions the context and the time of the desk', async () => {
    const desk = smallDesk({
      definition: machine({
        Tell: {
          Type: 'Succeed',
          Output: {
            context: '{% $states.context %}',
            now: '{% $now() %}',
            millis: '{% $millis() %}',
            text: 'not {% an %} expression',
          },
        },
      }),
    });
    const arn = desk.start({ a: 1 }, 'tkt_1-1');
    await desk.activity.settled();
    const iso = new Date(startAt).toISOString();
    // A whole second has no fraction there.
    const short = iso.replace('.000', '');
    expect(JSON.parse(desk.standing(arn).output!)).toEqual({
      context: {
        Execution: { Id: arn, Name: 'tkt_1-1', Input: { a: 1 }, StartTime: short },
        State: { Name: 'Tell', EnteredTime: short, RetryCount: 0 },
        StateMachine: { Id: machineArn, Name: 'small' },
      },
      now: iso,
      millis: startAt,
      text: 'not {% an %} expression',
    });
  });

  test('calls a function and hands on its answer', async () => {
    const asked: unknown[] = [];
    const desk = smallDesk({
      definition: machine({ Settle: invoking({ Next: 'Done' }), Done: done }),
      invoke: (payload, arn) => {
        asked.push([arn, payload]);
        return Promise.resolve({ answer: 42, gone: undefined });
      },
    });
    const end = await desk.run({ ask: true });
    expect(asked).toEqual([['arn:function', { ask: true }]]);
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: '{"answer":42}' });
  });

  test('starts another execution, and fails by name when that one is there already', async () => {
    const desk = smallDesk({
      definition: machine({
        'First?': {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.next %}', Next: 'Start' }],
          Default: 'Done',
        },
        Start: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:sfn:startExecution',
          Arguments: {
            StateMachineArn: '{% $states.context.StateMachine.Id %}',
            Name: 'next-one',
            Input: '{% $string({"next": false, "from": $states.context.Execution.Name}) %}',
          },
          Catch: [{ ErrorEquals: ['Sfn.ExecutionAlreadyExistsException'], Next: 'Done', Output: 'was there' }],
          End: true,
        },
        Done: done,
      }),
    });
    const first = desk.start({ next: true }, 'first');
    await desk.activity.settled();
    expect(JSON.parse(desk.standing(first).output!)).toEqual({
      ExecutionArn: first.replace('first', 'next-one'),
      StartDate: new Date(startAt).toISOString(),
    });
    expect(desk.standing(first.replace('first', 'next-one')).input).toBe('{"next":false,"from":"first"}');
    expect((await desk.run({ next: true })).output).toBe('"was there"');
  });
});

describe('an execution fails', () => {
  test.each([
    ['{% $states.input.missing %}', 'Tell/Output returned nothing'],
    ['{% $toMillis("no date") %}', 'Tell/Output: The argument of the toMillis function'],
    ['{% function($x) { $x } %}', 'Tell/Output returned nothing'],
  ])('when the expression %s yields no value', async (Output, cause) => {
    const end = await smallDesk({ definition: machine({ Tell: { Type: 'Succeed', Output } }) }).run({});
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(end.cause).toContain(cause);
  });

  test('when no choice matches, or a condition is no boolean', async () => {
    const desk = smallDesk({
      definition: machine({
        Which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.a %}', Next: 'Done' }] },
        Done: done,
      }),
    });
    expect(await desk.run({ a: false })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(await desk.run({ a: 'yes' })).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  test('with the error and the cause of a Fail state', async () => {
    const definition = machine({ Alarm: { Type: 'Fail', Error: '{% $states.input.Error %}', Cause: 'plain' } });
    const end = await smallDesk({ definition }).run({ Error: 'Broken' });
    expect(end).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'plain' });
  });

  test('when nothing catches what a function threw', async () => {
    const desk = smallDesk({
      definition: machine({ Settle: invoking({ End: true }) }),
      invoke: () => Promise.reject(new TypeError('no such thing')),
    });
    const end = await desk.run();
    expect(end).toMatchObject({ status: 'FAILED', error: 'TypeError' });
    expect(JSON.parse(end.cause!)).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such thing' });
  });

  test('with States.Runtime, which nothing catches, when arguments do not fit the call', async () => {
    const desk = smallDesk({
      definition: machine({
        Settle: invoking({
          Arguments: { FunctionName: 'arn:function', Pay: 1 },
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
          End: true,
        }),
        Done: done,
      }),
    });
    expect(await desk.run()).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

test('a caught error is the next input when the catch says nothing else', async () => {
  const desk = smallDesk({
    definition: machine({
      Settle: invoking({ Catch: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], Next: 'Done' }], End: true }),
      Done: done,
    }),
    invoke: () => Promise.reject(named('Lambda.TooManyRequestsException', 'slow down')),
  });
  expect((await desk.run()).output).toBe('{"Error":"Lambda.TooManyRequestsException","Cause":"slow down"}');
});

test('a task that answers too late has timed out, and its answer is lost', async () => {
  let answer: (value: unknown) => void = () => undefined;
  const desk = smallDesk({
    definition: machine({ Settle: invoking({ TimeoutSeconds: 30, End: true }) }),
    invoke: () => new Promise((resolve) => (answer = resolve)),
  });
  const arn = desk.start();
  const noWaiting = () => new Promise<void>((resolve) => setImmediate(resolve));
  await desk.clock.moveTo(startAt + 31 * second, noWaiting);
  answer('late');
  await desk.activity.settled();
  expect(desk.standing(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout', stoppedAt: startAt + 30_000 });
});

test('an execution that is stopped goes no further', async () => {
  let answer: (value: unknown) => void = () => undefined;
  const desk = smallDesk({
    definition: machine({ Settle: invoking({ Next: 'Done' }), Done: done }),
    invoke: () => new Promise((resolve) => (answer = resolve)),
  });
  const arn = desk.start();
  await new Promise<void>((resolve) => setImmediate(resolve));
  desk.machines.stopExecution(arn, 'Enough', 'by hand');
  answer('late');
  await desk.activity.settled();
  expect(desk.standing(arn)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'by hand', transitions: 1 });
});
