import { describe, expect, test } from 'vitest';
import { invoking, machine, machineArn, second, smallDesk, startAt } from './desk.ts';

describe('starting', () => {
  const definition = machine({ Settle: invoking({ End: true }) });
  const input = (n: number) => ({ stateMachineArn: machineArn, name: 'tkt_1-1', input: `{"n":${n}}` });

  test('twice with one name and one input gives one execution, while it runs', async () => {
    let answer: (value: unknown) => void = () => undefined;
    let calls = 0;
    const desk = smallDesk({
      definition,
      invoke: () => new Promise((resolve) => ((calls += 1), (answer = resolve))),
    });
    const first = desk.machines.startExecution(input(1));
    const noWaiting = () => new Promise<void>((resolve) => setImmediate(resolve));
    await desk.clock.moveTo(startAt + second, noWaiting);
    expect(desk.machines.startExecution(input(1))).toEqual(first);
    expect(() => desk.machines.startExecution(input(2))).toThrow(
      expect.objectContaining({ code: 'ExecutionAlreadyExists' }),
    );
    answer('done');
    await desk.activity.settled();
    expect(calls).toBe(1);
    expect(() => desk.machines.startExecution(input(1))).toThrow(
      expect.objectContaining({ code: 'ExecutionAlreadyExists' }),
    );
  });

  test.each([
    ['InvalidName', { name: 'two words' }],
    ['InvalidName', { name: 'x'.repeat(81) }],
    ['InvalidExecutionInput', { input: '{' }],
    ['StateMachineDoesNotExist', { stateMachineArn: 'arn:other' }],
  ])('is refused as %s: %o', (code, change) => {
    const desk = smallDesk({ definition });
    expect(() => desk.machines.startExecution({ ...input(1), ...change })).toThrow(expect.objectContaining({ code }));
  });
});
