import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../lib/local/aws/aws-error.ts';
import { eventBus } from '../../lib/local/aws/bus.ts';
import { startAwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import type { AwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import { DeskClock } from '../../lib/local/clock.ts';
import { LOCAL_ISSUER } from '../../lib/local/issuer.ts';
import { Journal } from '../../lib/local/journal.ts';
import { Outbox } from '../../lib/local/mail/outbox.ts';
import { deskPage } from '../../lib/local/mail/page.ts';
import { mailService } from '../../lib/local/mail/ses.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { miniTemplate } from './support/mini-template.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'makegood-mail-'));
const clock = new DeskClock({ startAt: START });
const outbox = new Outbox({ journal: new Journal(), clock, folder });
let endpoint: AwsEndpoint;
let accepted: [string, Record<string, unknown>][] = [];
let client: {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeAll(async () => {
  const { busNames, rules } = readTemplate(miniTemplate(LOCAL_ISSUER));
  endpoint = await startAwsEndpoint({
    json: {
      AWSEvents: eventBus({
        ...{ busNames, rules, clock },
        accept: (name, event) => accepted.push([name, event as Record<string, unknown>]),
      }),
      AWSStepFunctions: (operation) =>
        Promise.reject(
          operation === 'StartExecution' ? new AwsError('ExecutionAlreadyExists', 'again') : new Error('bug'),
        ),
    },
    query: mailService(outbox),
    onError: () => undefined,
  });
  client = {
    ...{ endpoint: endpoint.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
});
afterAll(async () => {
  await endpoint.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  accepted = [];
});

describe('the bus, to the real client', () => {
  const put = (...entries: Record<string, unknown>[]) =>
    new EventBridgeClient(client).send(
      new PutEventsCommand({
        Entries: entries.map((entry) => ({
          ...{
            EventBusName: 'mini-bus',
            Source: 'makegood.desk',
            DetailType: 'ticket.missed',
            Detail: '{"ticketId":"tkt_1"}',
          },
          ...entry,
        })),
      }),
    );

  it('hands an event that fits a rule to its function, as EventBridge does', async () => {
    const answer = await put({ Time: new Date('2026-03-02T07:30:15.700Z') }, { DetailType: 'account.opened' });
    expect(answer.FailedEntryCount).toBe(0);
    expect(accepted).toEqual([
      [
        'arn:aws:lambda:us-east-1:000000000000:function:Reader',
        {
          ...{ version: '0', source: 'makegood.desk', account: '000000000000', region: 'us-east-1', resources: [] },
          ...{ id: answer.Entries?.[0]?.EventId, 'detail-type': 'ticket.missed', detail: { ticketId: 'tkt_1' } },
          time: '2026-03-02T07:30:15Z',
        },
      ],
    ]);
  });

  it('takes the time from the desk’s clock where the event has none', async () => {
    await put({});
    expect(accepted[0]?.[1].time).toMatch(/^2026-03-02T08:0\d:\d\dZ$/);
  });

  it('refuses a wrong entry, and takes the others of the same request', async () => {
    const answer = await put({ Detail: 'no json' }, { EventBusName: 'other' }, {});
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'MalformedDetail',
      'ResourceNotFoundException',
      undefined,
    ]);
    expect(accepted).toHaveLength(1);
  });
});

describe('mail, to the real client', () => {
  const send = (raw: string, Destinations?: string[]) =>
    new SESClient(client).send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) }, Destinations }));

  it('keeps what was sent, with the id that it answers, and as a file', async () => {
    const raw = [
      ...[
        'From: Desk <desk@example.com>',
        'To: ada@example.com',
        'Subject: =?utf-8?Q?Vers=C3=A4umt?=',
        'Message-ID: <own@example.com>',
      ],
      ...[
        'Date: Thu, 01 Jan 1970 00:00:00 +0000',
        'Auto-Submitted: auto-generated',
        'Content-Type: text/plain; charset=utf-8',
      ],
      ...['Content-Transfer-Encoding: quoted-printable', '', 'Gr=C3=BC=C3=9Fe + 1 & 2'],
    ].join('\r\n');
    const { MessageId } = await send(raw, ['ada@example.com', 'bob@example.com']);
    expect(outbox.all().at(-1)).toMatchObject({
      ...{
        messageId: MessageId,
        from: 'desk@example.com',
        to: 'ada@example.com, bob@example.com',
        subject: 'Versäumt',
      },
      text: expect.stringContaining('Grüße + 1 & 2') as string,
      headers: {
        'auto-submitted': 'auto-generated',
        'message-id': `<${String(MessageId)}@email.amazonses.com>`,
        date: 'Mon, 02 Mar 2026 08:00:00 +0000',
      },
    });
    const files = readdirSync(folder);
    expect(files).toHaveLength(outbox.all().length);
    expect(readFileSync(join(folder, files.at(-1)!), 'utf8')).not.toContain('own@example.com');
  });

  it('goes to the addresses in the message where the request names none', async () => {
    await send('To: a@example.com, B <b@example.com>\r\nCc: c@example.com\r\nSubject: x\r\n\r\nhello');
    expect(outbox.all().at(-1)?.to).toBe('a@example.com, b@example.com, c@example.com');
  });

  it('is refused when it is empty, by the service’s own code', async () => {
    await expect(send('')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('is shown on a page that runs nothing of it', async () => {
    await send('To: a@example.com\r\nSubject: <script>alert(1)</script>\r\n\r\n<img src=x onerror=alert(1)>');
    const page = deskPage(clock.now(), outbox.all());
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain('<html lang="en">');
  });
});

describe('an operation', () => {
  it('that is refused surfaces as the client’s own error', async () => {
    const starting = new SFNClient(client).send(new StartExecutionCommand({ stateMachineArn: 'arn:aws:states:x' }));
    await expect(starting).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  });

  it('that nobody knows is refused by name', async () => {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSSecrets.Get' },
      body: '{}',
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('AWSSecrets.Get')]);
  });
});
