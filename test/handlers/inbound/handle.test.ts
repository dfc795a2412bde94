/** Mail in answer to a signed reply address, handled as the function does it, with a secret of the test's own. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailDesk } from '../../../lambdas/handlers/inbound/act.ts';
import { Problem } from '../../../lambdas/handlers/commands/problem.ts';
import { quarantineMutations, quarantineQueries } from '../../../lambdas/handlers/api/quarantine.ts';
import { handleMail } from '../../../lambdas/handlers/inbound/handle.ts';
import { RAW_MAIL_PREFIX } from '../../../lambdas/handlers/inbound/raw-mail.ts';
import type { MailSettings } from '../../../lambdas/handlers/inbound/settings.ts';
import { openReplyAddresses, ticketIdInThread } from '../../../lambdas/handlers/mail/reply-address.ts';
import { catalogue } from '../../../lambdas/plans/catalogue.ts';
import { openTable } from '../../../lambdas/store/table.ts';
import { deskOfThisFile, openTicket } from '../../support/desk.ts';
import { mailbox, rawMail, type MailParts } from '../../support/mail.ts';

const shared = deskOfThisFile();
const { freshCustomer, available, tickets } = mailbox(shared);
const mailDomain = 'desk.example.com';
const addresses = openReplyAddresses({ secret: 'a secret of this test', mailDomain });

let desk: MailDesk;
let settings: MailSettings;
let s3: S3Client;
beforeAll(() => {
  const { engineEndpoint, awsEndpoint, blueprint } = shared.desk;
  const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  s3 = new S3Client({ endpoint: awsEndpoint, ...local });
  desk = {
    table: openTable(blueprint.tables[0]!.name, new DynamoDBClient({ endpoint: engineEndpoint, ...local })),
    catalogue,
  };
  settings = {
    store: { bucket: blueprint.buckets[0]!, client: s3 },
    mailDomain,
    replyAddresses: addresses,
    staff: { tiers: { TS1: ['ts1@desk.example.com'], TS2: [], TS3: [] }, managers: [] },
    sender: 'support@desk.example.com',
  };
});
afterAll(() => {
  desk.table.client.destroy();
  s3.destroy();
});

const good = { spf: 'pass', dkim: 'pass', dmarc: 'pass', spam: 'pass', virus: 'pass', dmarcPolicy: undefined } as const;
let stored = 0;
const handle = async (from: string, recipient: string, mail: MailParts = {}) => {
  const sesMessageId = `signed-${String((stored += 1))}`;
  const Key = `${RAW_MAIL_PREFIX}${sesMessageId}`;
  await s3.send(new PutObjectCommand({ Bucket: settings.store.bucket, Key, Body: rawMail({ from, ...mail }) }));
  const receivedAt = new Date(shared.desk.clock.now()).toISOString();
  const { mail: handled } = await handleMail(desk, settings, {
    ...{ sesMessageId, receivedAt, returnPath: from, from: [from], recipients: [recipient], verdicts: good },
  });
  return handled;
};

describe('a mail to a signed reply address', () => {
  it('EV-09 belongs to its ticket where the one answers to whom it was given', async () => {
    const customer = await freshCustomer();
    const id = await openTicket(customer);
    const answer = await handle(customer.email, addresses.for(id, customer.email), { subject: 'Something else' });
    expect(answer).toMatchObject({ outcome: 'replied', ticketId: id, sender: customer.email });
    expect(await available(customer)).toBe(40);
  });

  it('EV-09 proves a thread and no writer: somebody else who answers to it has to be known in another way', async () => {
    const colleague = 'uwe-signed@example.com';
    const customer = await freshCustomer('scalix-basic', 50, [colleague]);
    const other = await freshCustomer();
    const id = await openTicket(customer);
    const address = addresses.for(id, customer.email);
    const quarantined = { outcome: 'quarantined', code: 'stranger-to-ticket' };
    for (const somebody of [colleague, other.email, 'mallory@example.net']) {
      expect(await handle(somebody, address)).toMatchObject(quarantined);
    }
    const headers = [`In-Reply-To: <${id}@${mailDomain}>`];
    expect(await handle(colleague, address, { headers })).toMatchObject({ outcome: 'replied', ticketId: id });
    expect(await handle(other.email, address, { headers })).toMatchObject(quarantined);
    expect(await tickets(other)).toEqual([]);
  });

  it('EV-10 opens nothing where the address is damaged, signed with another secret, or of another ticket', async () => {
    const customer = await freshCustomer();
    const [id, other] = [await openTicket(customer), await openTicket(await freshCustomer())];
    const address = addresses.for(id, customer.email);
    const forged = openReplyAddresses({ secret: 'another', mailDomain }).for(id, customer.email);
    const swapped = address.replace(id.slice(4).toLowerCase(), other.slice(4).toLowerCase());
    for (const recipient of [address.replace(/.@/, '@'), forged, swapped, `reply+x@${mailDomain}`]) {
      expect(await handle(customer.email, recipient)).toMatchObject({ outcome: 'quarantined' });
    }
    expect(await tickets(customer)).toHaveLength(1);
  });

  it('counts before whatever else the mail names', async () => {
    const customer = await freshCustomer();
    const [id, other] = [await openTicket(customer), await openTicket(customer)];
    const mail = { headers: [`References: <${other}@${mailDomain}>`], subject: `[${other}]` };
    expect(await handle(customer.email, addresses.for(id, customer.email), mail)).toMatchObject({ ticketId: id });
  });

  it('of an engineer to whom the desk wrote is the answer to the customer', async () => {
    const id = await openTicket(await freshCustomer());
    const answer = await handle('ts1@desk.example.com', addresses.for(id, 'ts1@desk.example.com'));
    expect(answer).toMatchObject({ outcome: 'replied', ticketId: id });
    expect((await shared.manager.get(`/v1/tickets/${id}`)).body.answeredAt).toBeDefined();
  });
});

describe('what the desk writes down of a mail', () => {
  it('says whom it answers where it refused, and nobody otherwise', async () => {
    const customer = await freshCustomer('scalix-basic', 0);
    const refused = await handle(customer.email, 'support@desk.example.com', { messageId: '<answer-1@example.com>' });
    const answer = { to: customer.email, subject: 'Mail is stuck', inReplyTo: 'answer-1@example.com' };
    expect(refused).toMatchObject({ outcome: 'refused', code: 'insufficient-credit', answer });
    const own = await handle('support@desk.example.com', 'support@desk.example.com');
    expect(own).toMatchObject({ outcome: 'ignored', code: 'own-mail' });
    expect(own).not.toHaveProperty('answer');
  });
});

it('a reply address is short, is one person’s and survives upper case; a reference names its ticket', () => {
  const id = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2K';
  const address = addresses.for(id, 'Ann@Example.com');
  expect(address).toMatch(/^reply\+[0-9a-z]{26}\.[a-z2-7]{20}@desk\.example\.com$/);
  expect(address.indexOf('@')).toBeLessThanOrEqual(64);
  const read = addresses.read(address.toUpperCase());
  expect(read?.ticketId).toBe(id);
  expect([read?.provesFor('ann@example.com'), read?.provesFor('bob@example.com')]).toEqual([true, false]);
  expect(addresses.read(address.replace(mailDomain, 'desk.example.net'))).toBeUndefined();
  expect(ticketIdInThread(`${id}@desk.example.com`, mailDomain)).toBe(id);
  expect(ticketIdInThread(`${id}@desk.example.net`, mailDomain)).toBeUndefined();
});

it('a desk that takes no mail in says so to whoever asks for its quarantine', async () => {
  const without: MailDesk = { table: desk.table, catalogue };
  const caller = { role: 'manager', id: 'manager' } as const;
  const call = {
    caller,
    now: '2026-03-02T15:00:00.000Z',
    params: { mailId: 'x' },
    query: { limit: 50 },
    freshId: () => '',
  };
  const asked = [
    quarantineQueries.listQuarantine(without, { ...call, params: {}, body: {} }),
    quarantineQueries.getQuarantinedMail(without, { ...call, query: {}, body: {} }),
    quarantineMutations.releaseMail(without).decide({ ...call, query: {}, body: {} }),
    quarantineMutations.dropMail(without).decide({ ...call, query: {}, body: {} }),
  ];
  for (const one of asked) {
    await expect(one).rejects.toThrow(Problem);
    await expect(one).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('no mail domain') });
  }
});
