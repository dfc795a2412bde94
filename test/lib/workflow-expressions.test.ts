/** The JSONata of the clock's definition, evaluated by the real engine with the moment as an argument. */
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { HAND_OVER_AFTER_DAYS, HAND_OVER_AFTER_VERSIONS, LONGEST_WAIT_SECONDS } from '../../lib/workflow-definition.ts';
import { definition, state } from './clock.ts';

it('are worked out by the JSONata that Step Functions has, 2.0.6, which lacks the operators of 2.1', () => {
  expect(() => jsonata('1 + 1')).not.toThrow();
  for (const later of ['a ?: 1', 'a ?? 1']) expect(() => jsonata(later)).toThrow();
});

describe("the clock's expressions", () => {
  const DAY = 86_400_000;
  const NOW = Date.parse('2027-03-01T10:00:00.000Z');
  const OWN = { schema: 1, ticketId: 'tkt_1', version: 10, generation: 2, open: true };
  const context = {
    Execution: { Input: OWN, StartTime: '2027-03-01T09:00:00.000Z' },
    State: { EnteredTime: '2027-03-01T10:00:00.000Z' },
    StateMachine: { Id: 'arn:aws:states:example' },
    Task: { Token: 'token-1' },
  };
  const evaluate = async (expression: unknown, states: object, now = NOW): Promise<unknown> => {
    const [, source] = /^\{% (.*) %\}$/s.exec(String(expression)) ?? [];
    if (source === undefined) throw new Error(`${String(expression)} is no expression`);
    const result: unknown = await jsonata(source).evaluate({}, { states: { context, ...states }, millis: () => now });
    return result === undefined ? undefined : JSON.parse(JSON.stringify(result));
  };

  it.each([
    ['an hour away', '2027-03-01T11:00:00.000Z', 3601],
    ['this very moment', '2027-03-01T10:00:00.000Z', 1],
    ['half a second away', '2027-03-01T10:00:00.500Z', 1],
    ['past', '2027-02-01T10:00:00.000Z', 1],
    ['further than the longest wait', '2028-03-01T10:00:00.000Z', LONGEST_WAIT_SECONDS],
    ['absent', undefined, LONGEST_WAIT_SECONDS],
  ])('wait until strictly after a deadline that is %s', async (_, deadlineAt, seconds) => {
    expect(await evaluate(state('AwaitChangeOrDeadline').TimeoutSeconds, { input: { ...OWN, deadlineAt } })).toBe(
      seconds,
    );
  });

  it('park the token on the deadline that the wait was planned for, on a young clock', async () => {
    const { Key, ExpressionAttributeValues: values } = state('AwaitChangeOrDeadline').Arguments as {
      Key: { pk: { S: string }; sk: { S: string } };
      ExpressionAttributeValues: Record<string, Record<string, string>>;
    };
    const input = { ...OWN, version: 12, generation: 1, deadlineAt: '2027-03-01T11:00:00.000Z' };
    expect(await evaluate(Key.pk.S, { input })).toBe('TICKET#tkt_1');
    expect(Key.sk.S).toBe('TICKET');
    expect(await evaluate(values[':token']?.S, { input })).toBe('token-1');
    expect(await evaluate(values[':last']?.N, { input })).toBe(String(10 + HAND_OVER_AFTER_VERSIONS));
    expect(await evaluate(values[':last']?.N, { input }, NOW + HAND_OVER_AFTER_DAYS * DAY)).toBe('0');
    expect(await evaluate(values[':generation']?.N, { input })).toBe('2');
    expect(await evaluate(values[':until']?.S, { input })).toBe(input.deadlineAt);
    expect(await evaluate(values[':until']?.S, { input: OWN })).toBe('none');
  });

  it('hand settle the moment its state was entered', async () => {
    const { Payload } = state('Settle').Arguments as { Payload: Record<string, unknown> };
    const values = await Promise.all(
      [Payload.ticketId, Payload.generation, Payload.now].map((each) => evaluate(each, {})),
    );
    expect(values).toEqual(['tkt_1', 2, '2027-03-01T10:00:00.000Z']);
    expect(Payload.schema).toBe(1);
    expect(await evaluate(state('Settle').Output, { result: { Payload: OWN, StatusCode: 200 } })).toEqual(OWN);
    const closed = { Payload: { ...OWN, open: false }, StatusCode: 200 };
    await expect(evaluate(state('Settle').Output, { result: closed })).rejects.toMatchObject({ code: 'D3137' });
  });

  it('read the ticket as a wait', async () => {
    const item = { version: { N: '12' }, generation: { N: '2' } };
    const result = { Item: { ...item, deadlineAt: { S: '2027-03-01T11:00:00.000Z' } } };
    const wait = { schema: 1, ticketId: 'tkt_1', version: 12, generation: 2, open: true };
    expect(await evaluate(state('ReadTicket').Output, { result })).toEqual({
      ...wait,
      deadlineAt: '2027-03-01T11:00:00.000Z',
    });
    const quiet = { Item: { ...item, deadlineAt: { S: 'none' } } };
    expect(await evaluate(state('ReadTicket').Output, { result: quiet })).toEqual(wait);
    expect(await evaluate(state('ReadTicket').Output, { result: { Item: item } })).toEqual({ ...wait, open: false });
  });

  it.each([
    ['waits on', { open: true }, 0, 'AwaitChangeOrDeadline'],
    ['is done when the ticket is closed', { open: false }, 0, 'Done'],
    ['is done when a younger clock runs', { generation: 3 }, 0, 'Done'],
    ['waits on beside an older generation', { generation: 1 }, 0, 'AwaitChangeOrDeadline'],
    ['waits on after 499 versions', { version: 10 + HAND_OVER_AFTER_VERSIONS - 1 }, 0, 'AwaitChangeOrDeadline'],
    ['hands over after 500 versions', { version: 10 + HAND_OVER_AFTER_VERSIONS }, 0, 'HandOver'],
    ['waits on after 299 days', {}, (HAND_OVER_AFTER_DAYS - 1) * DAY, 'AwaitChangeOrDeadline'],
    ['hands over after 300 days', {}, HAND_OVER_AFTER_DAYS * DAY, 'HandOver'],
  ])('choose: a clock %s', async (_, change, age, next) => {
    const { Choices, Default } = state('Open?');
    const taken: string[] = [];
    for (const choice of Choices) {
      const holds = await evaluate(choice.Condition, { input: { ...OWN, ...change } }, NOW + age);
      expect(typeof holds).toBe('boolean');
      if (holds === true) taken.push(choice.Next);
    }
    expect(taken[0] ?? Default).toBe(next);
  });

  it('close a ticket that is not there', async () => {
    const input = await evaluate(state('ReadTicket').Output, { result: {} });
    expect(await evaluate(state('Open?').Choices[0]?.Condition, { input })).toBe(true);
  });

  it('start the next generation where this one stands, in the same words each time', async () => {
    const { StateMachineArn, Name, Input } = state('HandOver').Arguments;
    const input = { ...OWN, version: 510, deadlineAt: '2027-03-01T11:00:00.000Z' };
    expect(await evaluate(StateMachineArn, { input })).toBe('arn:aws:states:example');
    expect(await evaluate(Name, { input })).toBe('tkt_1-3');
    expect(JSON.parse(String(await evaluate(Input, { input })))).toEqual({ ...input, generation: 3 });
  });

  it('tell why the clock failed, with or without a cause', async () => {
    const { Error: error, Cause: cause } = definition.States.ClockFailed as unknown as Record<string, string>;
    const input = { Error: 'Lambda.Unknown', Cause: 'Out of memory' };
    expect([await evaluate(error, { input }), await evaluate(cause, { input })]).toEqual([
      'Lambda.Unknown',
      'Out of memory',
    ]);
    expect(await evaluate(cause, { input: { Error: 'States.Timeout' } })).toBe('No cause was given.');
  });
});
