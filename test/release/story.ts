/**
 * The story that a release lives for its fixture: between them its tickets meet every kind of event that a letter can come of, and its
 * mails, clocks and days every way in which a function is woken. It must not know what is written down of it.
 */
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { clientOf, type Client } from '../../bin/client.ts';
import type { Desk } from '../../lib/local/desk.ts';

export const START = Date.parse('2026-03-02T15:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ANN = 'ann@example.com';
/** A contact of one account alone: only such a one opens by mail. */
const UWE = 'uwe@example.com';

const newAccount = async (desk: Desk, manager: Client, planId: string, amount: number, colleagues: object[] = []) => {
  const contacts = [{ email: ANN, name: 'Ann', role: 'administrator' }, ...colleagues];
  const facts = { name: `Example on ${planId}`, planId, timeZone: 'America/New_York', region: 'US', contacts };
  const accountId = String((await manager.post('/v1/accounts', facts)).accountId);
  await manager.post(`/v1/accounts/${accountId}/purchases`, { amount });
  const bearer = { role: 'customer', account: accountId, email: ANN } as const;
  const customer = clientOf(desk.url, await desk.token(bearer));
  const open = async (request: object = {}): Promise<string> => {
    const whole = { accountId, subject: 'Mail is stuck', description: 'Nothing leaves the queue.', ...request };
    return String(
      (
        await customer.post('/v1/tickets', whole, {
          'idempotency-key': (planId + JSON.stringify(request)).replaceAll(' ', '-'),
        })
      ).ticketId,
    );
  };
  return { accountId, customer, open };
};
type Opener = Awaited<ReturnType<typeof newAccount>>;

/** A text that quotes, so that the message shows a part of it, and a file. */
const MAIL = [
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Nothing prints.',
  '',
  'On Monday Eve wrote:',
  '> Does it print?',
  '--b',
  'Content-Type: text/plain; charset=utf-8; name="printer.log"',
  'Content-Disposition: attachment; filename="printer.log"',
  '',
  'no paper',
  '--b--',
];

const mailIn = async (desk: Desk, from: string, dmarc: string): Promise<{ ticketId?: string }> => {
  const raw = [`From: ${from}`, 'Subject: Printing', `Message-ID: <${from}@mail>`, ...MAIL].join('\r\n');
  const envelope = { from, recipients: ['support@desk.example.com'] };
  const verdicts = { spf: dmarc, dkim: dmarc, dmarc, spam: 'PASS', virus: 'PASS' };
  const response = await fetch(`${desk.url}/local/mail/inbound`, {
    method: 'POST',
    body: JSON.stringify({ raw, envelope, verdicts }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { ticketId?: string };
};

/** Answered, planned, resolved and closed. */
const finish = async (engineer: Client, { customer }: Opener, ticketId: string): Promise<void> => {
  const path = `/v1/tickets/${ticketId}`;
  await engineer.post(`${path}/messages`, { body: 'Restarted.', visibility: 'public' });
  await engineer.post(`${path}/plan`, { summary: 'A patch.', expectedBy: '2026-03-03T15:00:00.000Z' });
  await engineer.post(`${path}/resolve`, { summary: 'It runs.' });
  await customer.post(`${path}/close`);
};

/** All that people can find about an open ticket; answers the ticket that its subordinate problem became. */
const change = async (engineer: Client, manager: Client, { customer }: Opener, ticketId: string): Promise<string> => {
  const path = `/v1/tickets/${ticketId}`;
  await engineer.post(`${path}/assign`, { engineer: 'eve@example.com' });
  await customer.post(`${path}/reprioritize`, { priority: 'urgent', reason: 'It grows.' });
  const problems = [{ subject: 'Fonts', description: 'Too small.' }];
  await engineer.post(`${path}/split`, { problems, quoteOnly: true });
  const { splitInto } = (await engineer.post(`${path}/split`, { problems })) as { splitInto: string[] };
  // Before the call-back: whoever is to call is told where the ticket is, also when the event comes again.
  await engineer.post(`${path}/escalate`, { reason: 'It needs research.' });
  await customer.post(`${path}/callback`, { phone: '+1 555 0100' });
  await engineer.post(`${path}/messages`, { body: 'We called.', calledBack: true });
  await engineer.post(`${path}/pause`, { reason: 'Which version?' });
  await customer.post(`${path}/messages`, { body: 'Version 7.' });
  await manager.post(`${path}/classify`, { as: 'product-bug', reason: 'It is ours.' });
  return splitInto[0]!;
};

/**
 * Tickets: one that was missed, one whose call-back was, one that waits for its customer, one that is over, one that was opened again,
 * one that met every finding, and its part. Mails that did something or nothing; a letter that did not arrive.
 */
export const liveAStory = async (desk: Desk) => {
  const as = async (bearer: Parameters<Desk['token']>[0]) => clientOf(desk.url, await desk.token(bearer));
  const manager = await as({ role: 'manager', email: 'max@example.com' });
  const engineer = await as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  const uwe = { email: UWE, name: 'Uwe', role: 'user' };
  const tokens = await newAccount(desk, manager, 'luxsci-token-dedicated', 100);
  const points = await newAccount(desk, manager, 'scalix-basic', 110, [uwe]);
  const over = await tokens.open({ priority: 'urgent' });
  await finish(engineer, tokens, over);
  await tokens.customer.post(`/v1/tickets/${over}/rating`, { score: 5 });
  const missed = await tokens.open({ priority: 'emergency' });
  const waiting = await points.open();
  await engineer.post(`/v1/tickets/${waiting}/messages`, { body: 'Which version?', visibility: 'public' });
  await engineer.post(`/v1/tickets/${waiting}/pause`, { reason: 'Which version?' });
  const again = await tokens.open({ subject: 'It is back' });
  await finish(engineer, tokens, again);
  await tokens.customer.post(`/v1/tickets/${again}/reopen`, { sameProblem: true });
  const changed = await tokens.open({ subject: 'Everything changes', priority: 'standard' });
  const part = await change(engineer, manager, tokens, changed);
  const stopped = await tokens.open({ subject: 'Its clock will stop', priority: 'standard' });
  await tokens.customer.post(`/v1/tickets/${stopped}/callback`, { phone: '+1 555 0100' });
  await mailIn(desk, 'stranger@example.com', 'PASS');
  await mailIn(desk, ANN, 'FAIL');
  const { ticketId: mailed = '' } = await mailIn(desk, UWE, 'PASS');
  await desk.activity.settled();
  desk.failMail({ to: UWE, type: 'transient' });
  await desk.moveTo(START + 1.5 * HOUR);
  const running = await tokens.open({ priority: 'standard' });
  await desk.activity.settled();
  const accounts = { tokens: tokens.accountId, points: points.accountId };
  return { accounts, tickets: { over, missed, waiting, again, changed, part, stopped, mailed, running } };
};

/** What comes when all is written down, so that the next release takes it as news: a clock that dies, letters that fail, a new day. */
export const liveOn = async (desk: Desk, { stopped }: { stopped: string }): Promise<void> => {
  const states = new SFNClient({
    endpoint: desk.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const [clock] = desk.executions().filter(({ name }) => name.startsWith(stopped));
  await states.send(new StopExecutionCommand({ executionArn: clock!.arn, error: 'Stopped', cause: 'By hand.' }));
  states.destroy();
  desk.failMail({ to: UWE, type: 'bounce' });
  desk.failMail({ to: UWE, type: 'complaint' });
  await desk.activity.settled();
  await desk.moveTo(START + DAY);
};
