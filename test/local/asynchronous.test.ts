import { describe, expect, it } from 'vitest';
import { Activity } from '../../lib/local/activity.ts';
import { DeskClock } from '../../lib/local/clock.ts';
import { AsynchronousInvocations } from '../../lib/local/functions/asynchronous.ts';
import { DeadLetters } from '../../lib/local/functions/dead-letters.ts';
import { LocalFunctions } from '../../lib/local/functions/functions.ts';
import { Journal } from '../../lib/local/journal.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Letters';
/** Fails as often as the event says, and writes each call to the log. */
const CODE = `const calls = new Map(); exports.handler = async ({ id, failures }) => {
  const call = (calls.get(id) ?? 0) + 1; calls.set(id, call); console.log(id + call); if (call <= failures) throw new Error('no'); };`;

function open(journal = new Journal(), startAt = START) {
  const clock = new DeskClock({ startAt });
  const activity = new Activity();
  const log: [string, number][] = [];
  const functions = new LocalFunctions({
    plans: [
      {
        ...{ name: 'notify', arn: 'notify', entry: 'f.ts', handler: 'handler', environment: {} },
        ...{ timeoutSeconds: 5, memoryMegabytes: 128 },
        asynchronous: { maximumRetries: 2, maximumAgeSeconds: 3600, deadLetterArn: QUEUE },
      },
    ],
    ...{
      bundles: { scripts: { 'f.ts': CODE }, shared: '' },
      environment: {},
      activity,
      afterInvocation: () => undefined,
    },
    log: (line) => line.length < 5 && log.push([line, Math.round((clock.now() - START) / 1000)]),
  });
  const deadLetters = new DeadLetters(journal, () => undefined);
  const asynchronous = new AsynchronousInvocations({ functions, deadLetters, clock, activity, journal });
  return {
    ...{ asynchronous, activity, log, journal, deadLetters, clock },
    move: (seconds: number) => clock.moveTo(START + seconds * 1000, () => activity.settled()),
  };
}

describe('asynchronous events', () => {
  it('run again a minute and two minutes later by the desk’s clock, as Lambda runs them', async () => {
    const { asynchronous, move, log, deadLetters } = open();
    asynchronous.accept('notify', { id: 'a', failures: 2 });
    await move(3600);
    expect(log).toEqual([
      ['a1', 0],
      ['a2', 60],
      ['a3', 180],
    ]);
    expect(deadLetters.all()).toEqual([]);
  });

  it('become dead letters when the last retry fails too', async () => {
    const { asynchronous, move, log, deadLetters, journal } = open();
    asynchronous.accept('notify', { id: 'a', failures: 9 });
    await move(3600);
    expect(log).toHaveLength(3);
    expect(deadLetters.all()).toMatchObject([
      {
        queueArn: QUEUE,
        body: {
          requestPayload: { id: 'a', failures: 9 },
          requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
          responsePayload: { errorMessage: 'no' },
        },
      },
    ]);
    expect(journal.entries('asynchronous/')).toEqual([]);
  });

  it('survive the end of the desk', async () => {
    const first = open();
    first.asynchronous.accept('notify', { id: 'a', failures: 1 });
    await first.activity.settled();
    first.clock.stop();
    const second = open(first.journal, START + 30_000);
    await second.asynchronous.resume();
    await second.move(90);
    expect(second.log).toEqual([['a1', 60]]);
  });

  it('that were due when the desk ended run one after the other, in the order in which they were accepted', async () => {
    const journal = new Journal();
    const accepted = (id: string, acceptedAt: number) => {
      const pending = {
        functionArn: 'notify',
        payload: { id, failures: 0 },
        acceptedAt,
        dueAt: acceptedAt,
        attempts: 0,
      };
      journal.set(`asynchronous/${id}`, pending);
    };
    accepted('a', START + 2);
    accepted('b', START + 1);
    const second = open(journal, START + 30_000);
    await second.asynchronous.resume();
    expect(second.log).toEqual([
      ['b1', 30],
      ['a1', 30],
    ]);
  });
});
