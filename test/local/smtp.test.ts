/** Mail by SMTP, as any mail program sends it: to whom it is taken, how much of it, and that nothing taken is lost. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startDesk, type Desk, type DeskOptions } from '../../lib/local/desk.ts';
import { startSmtp } from '../../lib/local/mail/smtp.ts';
import type { Arrival } from '../../lib/local/mail/receive.ts';
import { customerOn, MONDAY_10_NEW_YORK, preparedDesk, testDeskOf, type Customer } from '../support/desk.ts';

const start = (options: DeskOptions = {}) =>
  startDesk({
    ...{ prepared: preparedDesk(), startAt: Date.parse(MONDAY_10_NEW_YORK) },
    ...{ smtp: { port: 0, verdicts: 'pass' }, ...options },
  });

const portOf = (address = ''): number => Number(address.slice(address.lastIndexOf(':') + 1));

const mail = (options: SendMailOptions = {}): SendMailOptions => ({
  ...{ from: 'Ann <ann@example.com>', to: 'support@desk.example.com', subject: 'Mail is stuck', text: 'Since nine.' },
  ...options,
});

const send = async (address: string | undefined, message: SendMailOptions) => {
  const transport = createTransport({ host: '127.0.0.1', port: portOf(address), secure: false });
  try {
    return await transport.sendMail(message);
  } finally {
    transport.close();
  }
};

const ticketsOf = async (desk: Desk, { administrator }: Customer): Promise<any[]> => {
  await desk.activity.settled();
  return (await administrator.get('/v1/tickets')).body.items;
};

describe('the desk’s mail server', () => {
  let desk: Desk;
  let customer: Customer;
  beforeAll(async () => {
    desk = await start();
    customer = await customerOn(testDeskOf(desk), 'luxsci-token-dedicated', { units: 20 });
  });
  afterAll(() => desk.stop());

  it('opens a ticket, once, by a mail to two of the desk’s addresses, with its file', async () => {
    const to = ['support@desk.example.com', 'URGENT@desk.example.com'];
    const attachments = [{ filename: 'log.txt', content: 'a line' }];
    const { accepted, response } = await send(desk.smtp, mail({ to, attachments }));
    expect(accepted).toEqual(to);
    expect(response).toMatch(/^250 OK [0-9a-f]{40}$/);
    const tickets = await ticketsOf(desk, customer);
    expect(tickets).toMatchObject([
      {
        subject: 'Mail is stuck',
        description: 'Since nine.',
        priority: 'urgent',
        attachments: [{ filename: 'log.txt' }],
      },
    ]);
    expect(tickets).toHaveLength(1);
    expect(desk.deadLetters()).toEqual([]);
  });

  it('takes the desk’s recipients of a mail that has others, and no mail that has none', async () => {
    const before = (await ticketsOf(desk, customer)).length;
    const mixed = await send(desk.smtp, mail({ to: ['eve@example.net', 'support@desk.example.com'] }));
    expect([mixed.accepted, mixed.rejected]).toEqual([['support@desk.example.com'], ['eve@example.net']]);
    await expect(send(desk.smtp, mail({ to: 'x@sub.desk.example.com' }))).rejects.toMatchObject({ responseCode: 550 });
    expect(await ticketsOf(desk, customer)).toHaveLength(before + 1);
  });

  it('keeps the bytes as they are, whatever their charset', async () => {
    await send(desk.smtp, mail({ subject: 'Grüße', text: 'Umlaute: äöü €\n.\n.. dots' }));
    const [latest] = await ticketsOf(desk, customer);
    expect(latest).toMatchObject({ subject: 'Grüße', description: expect.stringContaining('äöü €\n.\n.. dots') });
  });

  it('refuses what is larger than SES takes', async () => {
    const before = (await ticketsOf(desk, customer)).length;
    const attachments = [{ filename: 'big', content: Buffer.alloc(31 * 1024 * 1024) }];
    await expect(send(desk.smtp, mail({ attachments }))).rejects.toMatchObject({ responseCode: 552 });
    expect(await ticketsOf(desk, customer)).toHaveLength(before);
  });

  it('hangs up on a browser', async () => {
    const socket = connect(portOf(desk.smtp), '127.0.0.1');
    let told = '';
    socket.setEncoding('utf8').on('data', (text: string) => (told += text));
    await once(socket, 'data');
    socket.write('POST /local HTTP/1.1\r\nhost: x\r\n\r\nMAIL FROM:<ann@example.com>\r\n');
    await once(socket, 'close');
    expect(told.split('\r\n').map((line) => line.slice(0, 3))).toEqual(['220', '421', '']);
  });
});

it('proves nothing about a mail where it is told so', async () => {
  const desk = await start({ smtp: { port: 0, verdicts: 'none' } });
  onTestFinished(() => desk.stop());
  const customer = await customerOn(testDeskOf(desk), 'luxsci-token-dedicated', { units: 20 });
  await send(desk.smtp, mail());
  expect(await ticketsOf(desk, customer)).toEqual([]);
  expect(Object.keys(desk.metrics())).toContainEqual(expect.stringContaining('outcome=quarantined'));
});

it('loses nothing over a restart: the ticket, its file and the link to it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'makegood-smtp-'));
  const first = await start({ dataDir });
  onTestFinished(() => {
    rmSync(dataDir, { recursive: true });
  });
  const { accountId } = await customerOn(testDeskOf(first), 'luxsci-token-dedicated', { units: 20 });
  await send(first.smtp, mail({ attachments: [{ filename: 'log.txt', content: 'a line' }] }));
  await send(first.smtp, mail({ from: 'eve@example.net', attachments: [{ filename: 'refused.txt', content: 'x' }] }));
  await first.activity.settled();
  // Two mails, and the one file of the mail that acted.
  expect(readdirSync(join(dataDir, 'objects'))).toHaveLength(3);
  await first.stop();
  const second = await start({ dataDir });
  onTestFinished(() => second.stop());
  const ann = await testDeskOf(second).as({ role: 'customer', account: accountId, email: 'ann@example.com' });
  const [{ ticketId }] = (await ann.get('/v1/tickets')).body.items;
  const { url } = (await ann.get(`/v1/tickets/${ticketId}/attachments/att_1_1`)).body;
  expect(await (await fetch(url)).text()).toBe('a line');
});

describe('a mail server', () => {
  const listen = async (options: Partial<Parameters<typeof startSmtp>[0]> = {}) => {
    const arrivals: Arrival[] = [];
    const errors: unknown[] = [];
    const server = await startSmtp({
      ...{ port: 0, verdicts: 'pass', takes: () => true, onError: (error) => errors.push(error) },
      accept: (arrival) => String(arrivals.push(arrival)),
      ...options,
    });
    return { server, arrivals, errors };
  };
  const busyPort = async (): Promise<number> => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    return (other.address() as AddressInfo).port;
  };

  it('says what to do where its port is taken, unless any other will do', async () => {
    const port = await busyPort();
    await expect(listen({ port })).rejects.toThrow(`Port ${String(port)} is in use by another program. Set SMTP_PORT`);
    const { server } = await listen({ port, orAnyPort: true });
    expect(portOf(server.address)).not.toBe(port);
    await server.stop();
  });

  it('asks for a mail again that it could not keep', async () => {
    const { server, errors } = await listen({
      accept: () => {
        throw new Error('the disk is full');
      },
    });
    await expect(send(server.address, mail())).rejects.toMatchObject({ responseCode: 451 });
    expect(errors).toEqual([expect.objectContaining({ message: 'the disk is full' })]);
    await server.stop();
  });

  it('hands over envelope and bytes, the null return path too', async () => {
    const { server, arrivals } = await listen({ verdicts: 'none' });
    const envelope = { from: '', to: ['a@example.com', 'b@example.com'] };
    await send(server.address, { envelope, raw: Buffer.from('From: x@example.com\r\n\r\n\xe4\xff', 'latin1') });
    expect(arrivals).toEqual([
      {
        ...{ raw: 'From: x@example.com\r\n\r\n\xe4\xff\r\n', encoding: 'latin1', verdicts: {} },
        envelope: { from: '', recipients: ['a@example.com', 'b@example.com'] },
      },
    ]);
    await server.stop();
  });

  it('ends although somebody is still connected', async () => {
    const { server } = await listen();
    const socket = connect(portOf(server.address), '127.0.0.1');
    await once(socket, 'data');
    const closed = once(socket.resume(), 'close');
    await server.stop();
    await closed;
  });
});
