/** What a mail brings beside its words: kept with the ticket, and given to whoever may read the message, for a few minutes. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { fullTextItem } from '../../../lambdas/store/full-texts.ts';
import { messageItem } from '../../../lambdas/store/items.ts';
import { putItem, openTable } from '../../../lambdas/store/table.ts';
import { customerOn, deskOfThisFile, type Customer, type Person } from '../../support/desk.ts';
import { deliverRaw, freshMessageId, rawMailWithFiles, type MailFile } from '../../support/mail.ts';

const desk = deskOfThisFile();
let accounts = 0;
const freshCustomer = async (): Promise<Customer & { email: string }> => {
  const email = `fay${String((accounts += 1))}@example.com`;
  const contacts = [{ email, name: 'Fay', role: 'administrator' }];
  const customer = await customerOn(desk, 'scalix-basic', { units: 50, contacts });
  const administrator = await desk.as({ role: 'customer', account: customer.accountId, email });
  return { ...customer, email, administrator };
};

const PAGE = '<script>alert(1)</script>';
const FILES: readonly MailFile[] = [
  {
    filename: 'Übersicht 1.pdf',
    content: Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 255, 13, 10]),
    contentType: 'application/pdf',
  },
  { filename: 'page.html', content: PAGE, contentType: 'text/html' },
];
const send = async (
  { email }: { email: string },
  files: readonly MailFile[] = FILES,
  parts: { subject?: string; messageId?: string } = {},
) => {
  const { status, body } = await deliverRaw(
    desk.manager,
    await rawMailWithFiles({ ...parts, from: `Fay <${email}>` }, files),
    email,
  );
  await desk.settled();
  expect(status).toBe(200);
  return body as { outcome: string; ticketId: string };
};
const link = async (person: Person, ticketId: string, id: string) =>
  person.get(`/v1/tickets/${ticketId}/attachments/${id}`);
const put = async (item: Record<string, unknown>) => {
  const client = new DynamoDBClient({
    endpoint: desk.desk.engineEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => {
    client.destroy();
  });
  const table = openTable(desk.desk.blueprint.tables[0]!.name, client);
  await putItem(table, { Item: item });
};

it('shows the files of the mail that opened a ticket, and gives each by a link', async () => {
  const customer = await freshCustomer();
  const { ticketId } = await send(customer);
  const { body: ticket } = await customer.administrator.get(`/v1/tickets/${ticketId}`);
  expect(ticket.attachments).toEqual([
    { attachmentId: 'att_1_1', filename: 'Übersicht 1.pdf', contentType: 'application/pdf', size: 8 },
    { attachmentId: 'att_1_2', filename: 'page.html', contentType: 'text/html', size: PAGE.length },
  ]);
  expect(ticket.mail).toEqual({ shortened: false });
  const first = await link(customer.administrator, ticketId, 'att_1_1');
  expect([first.status, first.body]).toMatchObject([
    200,
    { filename: 'Übersicht 1.pdf', contentType: 'application/pdf', size: 8 },
  ]);
  const followed = await fetch(first.body.url);
  expect(Buffer.from(await followed.arrayBuffer())).toEqual(FILES[0]!.content);
  expect(followed.headers.get('content-disposition')).toMatch(/^attachment; .*%C3%9Cbersicht%201\.pdf$/);
  const page = await fetch((await link(desk.engineer, ticketId, 'att_1_2')).body.url);
  expect(page.headers.get('content-type')).toBe('application/octet-stream');
  expect(await page.text()).toBe(PAGE);
  const { body: timeline } = await customer.administrator.get(`/v1/tickets/${ticketId}/timeline`);
  expect(JSON.stringify(timeline)).not.toContain('sesMessageId');
});

it('lets a link end five minutes after it was asked for, by the desk’s clock', async () => {
  const customer = await freshCustomer();
  const { ticketId } = await send(customer);
  const { url, expiresAt } = (await link(customer.administrator, ticketId, 'att_1_1')).body;
  expect(Date.parse(expiresAt) - desk.desk.clock.now()).toBeLessThanOrEqual(300_000);
  await desk.moveTo(new Date(Date.parse(expiresAt) - 60_000).toISOString());
  expect((await fetch(url)).status).toBe(200);
  await desk.moveTo(new Date(Date.parse(expiresAt) + 1000).toISOString());
  expect((await fetch(url)).status).toBe(403);
});

it('EV-09 gives no file and no text to another customer, who can’t tell that it is there', async () => {
  const customer = await freshCustomer();
  const other = await freshCustomer();
  const { ticketId } = await send(customer);
  const paths = ['attachments/att_1_1', 'messages/1/text'].map((path) => `/v1/tickets/${ticketId}/${path}`);
  for (const path of paths) {
    expect((await customer.administrator.get(path)).status).toBe(200);
    const refused = await other.administrator.get(path);
    expect([refused.status, refused.body.detail]).toEqual([404, 'There is no such ticket.']);
    expect((await (await desk.as()).get(path)).status).toBe(401);
  }
});

it('adds the files of an answer to its message, and answers nothing for a file that is not there', async () => {
  const customer = await freshCustomer();
  const { ticketId } = await send(customer, []);
  expect((await customer.administrator.get(`/v1/tickets/${ticketId}`)).body).not.toHaveProperty('attachments');
  await send(customer, [{ filename: 'log.txt', content: 'line' }], { subject: `Re: [${ticketId}]` });
  await customer.administrator.post(`/v1/tickets/${ticketId}/messages`, { body: 'Did you get the log?' });
  const { body } = await desk.engineer.get(`/v1/tickets/${ticketId}/messages`);
  expect(body.items).toMatchObject([
    { seq: 2, mail: { shortened: false }, attachments: [{ attachmentId: 'att_2_1', filename: 'log.txt', size: 4 }] },
    { seq: 3, attachments: [] },
  ]);
  expect(body.items[0].mail).toEqual({ shortened: false });
  expect(body.items[1]).not.toHaveProperty('mail');
  expect(await (await fetch((await link(customer.administrator, ticketId, 'att_2_1')).body.url)).text()).toBe('line');
  for (const [id, status] of [
    ['att_2_2', 404],
    ['att_1_1', 404],
    ['att_3_1', 404],
    ['att_9_1', 404],
    ['att_2_0', 400],
    ['x', 400],
  ] as const) {
    expect([id, (await link(customer.administrator, ticketId, id)).status]).toEqual([id, status]);
  }
});

it('EV-09 keeps what belongs to an internal message from customers: its file, its text', async () => {
  const customer = await freshCustomer();
  const { ticketId } = await send(customer);
  const source = { sesMessageId: 'internal', shortened: true };
  await put(
    messageItem({
      ...{
        messageId: 'msg_1',
        ticketId,
        seq: 7,
        at: '2026-03-02T15:00:00.000Z',
        visibility: 'internal',
        body: 'Shown.',
      },
      author: { role: 'engineer', email: 'eve@example.com' },
      attachments: [{ attachmentId: 'att_7_1', filename: 'core.bin', contentType: 'text/plain', size: 1 }],
      mail: source,
    }),
  );
  await put(fullTextItem({ ticketId, seq: 7, text: 'Shown, and more.' }));
  expect((await link(desk.engineer, ticketId, 'att_7_1')).status).toBe(200);
  expect((await desk.engineer.get(`/v1/tickets/${ticketId}/messages/7/text`)).body).toEqual({
    ...{ ticketId, seq: 7, text: 'Shown, and more.' },
  });
  expect((await link(customer.administrator, ticketId, 'att_7_1')).status).toBe(404);
  expect((await customer.administrator.get(`/v1/tickets/${ticketId}/messages/7/text`)).status).toBe(404);
});

it('names in the message what was too much, and the stored mail still has it', async () => {
  const customer = await freshCustomer();
  const files = Array.from({ length: 26 }, (_, index) => ({
    filename: `${String(index + 1)}.txt`,
    content: `file ${String(index)}`,
  }));
  const { ticketId } = await send(customer, files);
  const { body: ticket } = await customer.administrator.get(`/v1/tickets/${ticketId}`);
  expect(ticket.attachments).toHaveLength(25);
  expect(ticket.description).toBe(
    'See the files.\n\nNot kept with the ticket, only in the mail as it came:\n- 26.txt (7 bytes): one mail may bring 25 files.',
  );
  const raw = await desk.engineer.get(`/v1/tickets/${ticketId}/messages/1/raw`);
  expect(raw.body).toMatchObject({ filename: `${ticketId}-1.eml`, contentType: 'application/octet-stream' });
  expect(await (await fetch(raw.body.url)).text()).toContain(Buffer.from('file 25').toString('base64'));
});

it('gives the mail itself to engineers and managers alone, and only where there was one', async () => {
  const customer = await freshCustomer();
  const { ticketId } = await send(customer, []);
  await desk.engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'On it.' });
  expect((await desk.manager.get(`/v1/tickets/${ticketId}/messages/1/raw`)).status).toBe(200);
  expect((await desk.manager.get(`/v1/tickets/${ticketId}/messages/2/raw`)).status).toBe(404);
  expect((await desk.manager.get(`/v1/tickets/${ticketId}/messages/0/raw`)).status).toBe(400);
  expect((await customer.administrator.get(`/v1/tickets/${ticketId}/messages/1/raw`)).status).toBe(403);
});

it('counts what became of each mail, with its reason, and a second delivery not again', async () => {
  const counted = (outcome: string, code: string): number =>
    desk.desk.metrics()[`Makegood InboundMail code=${code},outcome=${outcome},service=makegood-inbound,stage=local`] ??
    0;
  const customer = await freshCustomer();
  const before = [counted('opened', 'opened'), counted('refused', 'spam')];
  const messageId = freshMessageId();
  await send(customer, [], { messageId });
  await send(customer, [], { messageId });
  const verdict = { status: 'FAIL' };
  const event = {
    Records: [
      {
        ses: {
          mail: { messageId: 'spam-1', timestamp: '2026-03-02T15:00:00.000Z', source: 'x@example.net' },
          receipt: { recipients: ['support@desk.example.com'], spamVerdict: verdict },
        },
      },
    ],
  };
  const inbound = 'lambdas/handlers/inbound.lambda.ts';
  expect(await desk.desk.invoke(inbound, event)).toMatchObject({ payload: { outcome: 'refused' } });
  expect(await desk.desk.invoke(inbound, event)).toMatchObject({ payload: { outcome: 'refused' } });
  expect([counted('opened', 'opened'), counted('refused', 'spam')]).toEqual(before.map((count) => count + 1));
});

it('keeps from customers what an engineer’s mail quotes, which may be a letter to engineers', async () => {
  const customer = await freshCustomer();
  const { ticketId } = await send(customer, []);
  const engineer = 'ts1@desk.example.com';
  expect((await desk.engineer.post(`/v1/tickets/${ticketId}/assign`, { engineer })).status).toBe(200);
  const quote = 'On Mon, Mar 2, 2026 at 10:05 AM, Support wrote:\n> For engineers alone.';
  const raw = await rawMailWithFiles(
    { from: engineer, subject: `Re: [${ticketId}]`, text: `We look.\n\n${quote}` },
    [],
  );
  const came = await deliverRaw(desk.manager, raw, engineer);
  expect(came.body).toMatchObject({ outcome: 'replied', ticketId });
  const { items } = (await customer.administrator.get(`/v1/tickets/${ticketId}/messages`)).body;
  const { seq, body } = items.at(-1);
  expect(body).toBe('We look.');
  const textFor = async (who: Person) =>
    (await who.get(`/v1/tickets/${ticketId}/messages/${String(seq)}/text`)).body.text as string;
  expect(await textFor(desk.engineer)).toContain('For engineers alone.');
  expect(await textFor(customer.administrator)).toBe('We look.');
  const exported = JSON.stringify(
    (await customer.administrator.get(`/v1/accounts/${customer.accountId}/export?limit=100`)).body,
  );
  expect(exported).toContain('We look.');
  expect(exported).not.toContain('For engineers alone.');
});
