import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../../lib/local/states/definition.ts';
import { invoking, machine, smallDesk } from './desk.ts';

const done = { Type: 'Succeed' };
const task = (more: object): object => machine({ X: invoking({ End: true, ...more }), Done: done });
const refusals: [what: string, definition: object, message: string][] = [
  ['a Map', machine({ X: { Type: 'Map' } }), 'state type Map of state X is not supported by the local desk'],
  ['a Wait', machine({ X: { Type: 'Wait' } }), 'state type Wait of state X is not supported by the local desk'],
  [
    'JSONPath in a state',
    machine({ X: { Type: 'Succeed', QueryLanguage: 'JSONPath' } }),
    'query language JSONPath of state X is not supported by the local desk',
  ],
  [
    'JSONPath in all states',
    { StartAt: 'X', States: { X: done } },
    'QueryLanguage of the state machine: the local desk runs JSONata only',
  ],
  [
    'an unknown resource',
    task({ Resource: 'arn:aws:states:::sqs:sendMessage' }),
    'resource arn:aws:states:::sqs:sendMessage of state X is not supported by the local desk',
  ],
  [
    'an unknown pattern of a known resource',
    task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }),
    'resource arn:aws:states:::lambda:invoke.waitForTaskToken of state X is not supported by the local desk',
  ],
  [
    'an unknown field',
    task({ HeartbeatSeconds: 3 }),
    'field HeartbeatSeconds of state X is not supported by the local desk',
  ],
  ['a variable', task({ Assign: { a: 1 } }), 'field Assign of state X is not supported by the local desk'],
  [
    'an unknown field of a retrier',
    task({ Retry: [{ ErrorEquals: ['States.ALL'], Until: 1 }] }),
    'field Until of 0 of Retry of state X is not supported by the local desk',
  ],
  [
    'an unknown field of the machine',
    { ...machine({ X: done }), TimeoutSeconds: 4 },
    'field TimeoutSeconds of the state machine is not supported by the local desk',
  ],
  ['a broken expression', task({ Output: '{% $states. %}' }), 'X/Output: '],
  ['a broken expression deep inside', task({ Arguments: { a: [{ b: '{% ( %}' }] } }), 'X/Arguments/a[0]/b: '],
  ['a TimeoutSeconds that is text', task({ TimeoutSeconds: '10' }), 'TimeoutSeconds of state X is neither'],
  [
    'a Next that leads nowhere',
    machine({ X: invoking({ Next: 'Y' }) }),
    'state X leads to the state Y, which does not exist',
  ],
  [
    'a Catch that leads nowhere',
    task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Y' }] }),
    'state X leads to the state Y, which does not exist',
  ],
  ['a StartAt that leads nowhere', { ...machine({ X: done }), StartAt: 'Y' }, 'StartAt leads to the state Y'],
  ['a task with no way on', machine({ X: invoking({}) }), 'state X needs either Next or End'],
  ['a task with two ways on', task({ Next: 'Done' }), 'state X needs either Next or End'],
];

describe('a definition is refused by name for', () => {
  test.each(refusals)('%s', (_, definition, message) => {
    expect(() => readDefinition(JSON.stringify(definition))).toThrow(message);
  });

  test('text that is no JSON', () => {
    expect(() => readDefinition('{')).toThrow('The definition is not JSON');
  });

  test('with the name of its state machine in front', () => {
    expect(() => smallDesk({ definition: machine({ X: { Type: 'Map' } }) })).toThrow(
      'small: state type Map of state X',
    );
  });
});

test('a resource of any partition of AWS is known', () => {
  const { states } = readDefinition(JSON.stringify(task({ Resource: 'arn:aws-cn:states:::lambda:invoke' })));
  expect(states.get('X')).toMatchObject({ type: 'Task', call: 'invoke', waits: false });
});
