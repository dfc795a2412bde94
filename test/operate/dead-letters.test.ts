/** The forms that a dead letter has on AWS, by who gave up, and what is to be done about each. */
import { expect, it } from 'vitest';
import { errandOf } from '../../lib/operate/dead-letters.ts';

const names = { Notify: 'notify-1', MailEvents: 'mail-events-1', Dispatch: 'dispatch-1' };
const errand = (body: unknown, attributes: Record<string, string> = {}) =>
  errandOf({ body: typeof body === 'string' ? body : JSON.stringify(body), attributes }, names);

const busEvent = {
  'detail-type': 'ticket.missed',
  source: 'makegood.desk',
  detail: { ticketId: 'tkt_1', seq: 3, subject: 'secret' },
};
const run = { schema: 1, now: '2026-03-02T08:00:00Z' };
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:';

it.each([
  [
    'Lambda, after its own retries: the event it was called with',
    {
      requestContext: { functionArn: `${arn}inbound-1:$LATEST` },
      requestPayload: { Records: [{ ses: { mail: { messageId: 'm1' } } }] },
    },
    { functionName: 'inbound-1', about: 'mail m1', event: { Records: [{ ses: { mail: { messageId: 'm1' } } }] } },
  ],
  [
    'EventBridge: the event itself',
    busEvent,
    { functionName: 'notify-1', about: 'ticket.missed tkt_1-3', event: busEvent },
  ],
  [
    'SNS: the notification, which its function gets in another wrapping',
    { Type: 'Notification', MessageId: 'n1', TopicArn: 'arn:aws:sns:x', Message: '{}' },
    { functionName: 'mail-events-1', about: 'notification n1', event: { Records: [{ EventSource: 'aws:sns' }] } },
  ],
])('%s', (_, body, expected) => {
  expect(errand(body)).toMatchObject({ kind: 'event', ...expected });
});

it('the scheduler: the payload, with the function on the envelope', () => {
  expect(errand(run, { TARGET_ARN: `${arn}report-1` })).toEqual({
    ...{ kind: 'event', functionName: 'report-1', event: run, about: 'the run of 2026-03-02T08:00:00Z' },
  });
  expect(errand(run)).toBeUndefined();
});

it('the scheduler as AWS documents it: the call of the service that it made, and that call as its target', () => {
  const call = { FunctionName: `${arn}report-1`, InvocationType: 'Event', Payload: JSON.stringify(run) };
  const attributes = {
    TARGET_ARN: 'arn:aws:scheduler:::aws-sdk:lambda:invoke',
    SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/makegood-prod-report',
    SCHEDULED_TIME: '2026-03-02T08:00:00Z',
  };
  const expected = { kind: 'event', functionName: 'report-1', event: run, about: 'the run of 2026-03-02T08:00:00Z' };
  expect(errand(call, attributes)).toEqual(expected);
  expect(errand({ ...call, FunctionName: 'report-1', Payload: run }, attributes)).toEqual(expected);
  const known = { ...names, Report: 'report-1' };
  const body = JSON.stringify({ ...run, now: '<aws.scheduler.scheduled-time>' });
  expect(errandOf({ body, attributes }, known)).toEqual(expected);
  expect(errandOf({ body, attributes: { ...attributes, SCHEDULE_ARN: 'of another' } }, known)).toBeUndefined();
});

it('the account’s own bus: the death of a clock, for the function on the envelope', () => {
  const death = {
    ...{ 'detail-type': 'Step Functions Execution Status Change', source: 'aws.states' },
    detail: { name: 'tkt_1-1', status: 'FAILED', input: 'secret' },
  };
  expect(errand(death, { TARGET_ARN: `${arn}sweep-1` })).toEqual({
    ...{ kind: 'event', functionName: 'sweep-1', event: death, about: 'the clock tkt_1-1, FAILED' },
  });
});

it('the stream: a place in it', () => {
  const DDBStreamBatchInfo = {
    ...{ shardId: 'shardId-1', startSequenceNumber: '100', endSequenceNumber: '300', batchSize: 2 },
    ...{ streamArn: 'arn:aws:dynamodb:x', approximateArrivalOfFirstRecord: '2026-03-02T08:00:00Z' },
  };
  expect(errand({ requestContext: { functionArn: `${arn}dispatch-1` }, DDBStreamBatchInfo })).toMatchObject({
    kind: 'stream',
    place: { shardId: 'shardId-1', startSequenceNumber: '100', endSequenceNumber: '300' },
    about: '2 records of shardId-1, 100 to 300',
  });
});

it('anything else is nobody’s, and nothing of what people wrote is told', () => {
  for (const body of ['no JSON', '{}', 'null', { requestPayload: {} }]) expect(errand(body)).toBeUndefined();
  expect(errand(busEvent)?.about).not.toContain('secret');
});
