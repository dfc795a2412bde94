/**
 * A life on a desk in which every string that people write, and every token, is a canary (`canaries.ts`): calls, mails, letters that come
 * back, files, what managers do, what time does, an erasure. It must not know what is looked for, nor where.
 */
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import type { Answer, Person, TestDesk } from '../support/desk.ts';
import { deliver, deliverRaw, rawMailWithFiles, ratingPathOf, type MailParts } from '../support/mail.ts';
import type { Canaries } from './canaries.ts';

export interface World extends Canaries {
  readonly desk: TestDesk;
  readonly manager: Person;
  readonly engineer: Person;
  /** The engineer's address. */
  readonly eve: string;
}

/** An account, and one of its contacts. */
interface Party {
  readonly accountId: string;
  readonly email: string;
  readonly customer: Person;
}

/** Everything that these calls answered was a success. */
const succeeded = (answers: readonly Answer[]): void => {
  expect(answers.filter(({ status }) => status >= 300).map(({ status, body }) => [status, body])).toEqual([]);
};

export const newParty = async ({ manager, as, canary, address }: World): Promise<Party> => {
  const email = address('contact');
  const created = await manager.post(
    '/v1/accounts',
    {
      ...{ name: canary('account'), planId: 'axigen-premium', timeZone: 'Europe/Berlin', region: 'DE-BY' },
      contacts: [{ email, name: canary('name'), role: 'administrator' }],
      tam: { name: canary('tam'), email: address('tam-address') },
    },
    { 'idempotency-key': canary('key') },
  );
  succeeded([created]);
  const { accountId } = created.body as { accountId: string };
  return { accountId, email, customer: await as({ role: 'customer', account: accountId, email }) };
};

const open = async ({ canary }: World, { accountId, customer }: Party): Promise<string> => {
  const opening = { accountId, subject: canary('subject'), description: canary('description') };
  const opened = await customer.post('/v1/tickets', opening);
  succeeded([opened]);
  return `/v1/tickets/${String(opened.body.ticketId)}`;
};

/** Three tickets, and every call that people make of them. */
export const workOnTickets = async (world: World, party: Party): Promise<void> => {
  const { manager, engineer, eve, canary, note } = world;
  const { accountId, customer } = party;
  const account = `/v1/accounts/${accountId}`;
  const [first, second, third] = [await open(world, party), await open(world, party), await open(world, party)];
  note('0199 8877', 'phone');
  succeeded([
    await manager.post(`${account}/facts`, { productRelease: '11.4' }),
    await customer.post(`${account}/remote-access`, { granted: true, note: canary('note') }),
    await engineer.post(`${account}/remote-sessions`, { purpose: canary('purpose') }),
    await customer.post('/v1/quotes', { accountId, subject: canary('quote'), description: canary('quoted') }),
    await engineer.post(`${first}/assign`, { engineer: eve }),
    await engineer.post(`${first}/messages`, { body: canary('answer') }, { 'idempotency-key': canary('key-2') }),
    await engineer.post(`${first}/messages`, { body: canary('internal'), visibility: 'internal' }),
    await engineer.post(`${first}/pause`, { reason: canary('pause') }),
    await customer.post(`${first}/messages`, { body: canary('reply') }),
    await engineer.post(`${first}/plan`, { summary: canary('plan'), expectedBy: '2027-01-01T00:00:00Z' }),
    await engineer.post(`${first}/resolve`, { summary: canary('solution') }),
    await customer.post(`${first}/close`, {}),
    await customer.post(`${first}/rating`, { score: 2, comment: canary('comment') }),
    await customer.post(`${first}/reopen`, { sameProblem: true }),
    await customer.post(`${second}/callback`, { phone: '+1 555 0199 8877' }),
    await engineer.post(`${second}/escalate`, { reason: canary('escalation') }),
    await engineer.post(`${second}/split`, { problems: [{ subject: canary('split'), description: canary('part') }] }),
    await manager.post(`${third}/classify`, { as: 'declined', reason: canary('declined') }),
    ...(await Promise.all(['/timeline', '/messages', '/explanation'].map((part) => customer.get(`${first}${part}`)))),
    ...(await Promise.all(['', '/ledger', '/history', '/benefits'].map((part) => customer.get(`${account}${part}`)))),
    ...(await Promise.all(['/v1/queues/TS1', '/v1/openapi.json'].map((path) => engineer.get(path)))),
  ]);
};

/** A mail with a file opens a ticket; its file, its whole text and the mail itself are fetched by their links. */
export const bringFiles = async (
  { desk, engineer, canary, note }: World,
  { email, customer }: Party,
): Promise<void> => {
  const parts = { from: `${canary('writer')} <${email}>`, subject: canary('with-file'), text: canary('see-file') };
  const files = [{ filename: `${canary('file')}.log`, content: canary('in-file') }];
  const arrived = await deliverRaw(customer, await rawMailWithFiles(parts, files), email);
  expect(arrived.body).toMatchObject({ outcome: 'opened' });
  await desk.settled();
  const ticket = `/v1/tickets/${String(arrived.body.ticketId)}`;
  const answers = [
    await customer.get(`${ticket}/attachments/att_1_1`),
    await customer.get(`${ticket}/messages/1/text`),
    await engineer.get(`${ticket}/messages/1/raw`),
  ];
  succeeded(answers);
  for (const { url } of answers.flatMap(({ body }) => ('url' in body ? [body as { url: string }] : []))) {
    note(new URL(url).searchParams.get('X-Amz-Signature')!, 'signature of a link');
    expect((await fetch(url)).status).toBe(200);
  }
};

/** Letters come back, the address is stopped, and a manager lifts the stop. */
export const letLettersFail = async (world: World, party: Party): Promise<void> => {
  const { desk, manager, canary } = world;
  await open(world, party);
  await desk.settled();
  const { email } = party;
  succeeded([
    await manager.post('/local/mail/bounce', { to: email, type: 'transient' }),
    await manager.post('/local/mail/bounce', { to: email, type: 'complaint' }),
  ]);
  await open(world, party);
  await desk.settled();
  succeeded([
    await manager.get('/v1/mail-stops'),
    await manager.get(`/v1/accounts?email=${encodeURIComponent(email)}`),
    await manager.post('/v1/mail-stops/lift', { email, reason: canary('lift') }),
  ]);
};

/** The letter about a closed ticket brings a link, and whoever has it rates. */
export const rateByLink = async (world: World, party: Party): Promise<void> => {
  const { desk, engineer, canary, note } = world;
  const ticket = await open(world, party);
  succeeded([
    await engineer.post(`${ticket}/messages`, { body: canary('answer') }),
    await engineer.post(`${ticket}/resolve`, { summary: canary('solution') }),
    await engineer.post(`${ticket}/close`, {}),
  ]);
  const path = await ratingPathOf(desk, ticket.split('/').at(-1)!);
  note(path.split('/').at(-1)!, 'rating token');
  const anybody = await desk.as();
  succeeded([await anybody.get(path), await anybody.post(path, { score: 4, comment: canary('rated') })]);
  expect((await anybody.get(`${path}x`)).status).toBe(404);
};

/** What is refused is logged too, and with no more. */
export const refuse = async ({ desk, canary, note }: World, { accountId, customer }: Party): Promise<void> => {
  const opening = { accountId, subject: 'Stuck', description: 'Nothing leaves.' };
  const answers = [
    await customer.post('/v1/tickets', `{"subject": "${canary('broken')}`),
    await customer.post('/v1/tickets', { ...opening, [canary('field')]: canary('value') }),
    await customer.post('/v1/tickets', { ...opening, subject: `${canary('lines')}\r\n\u001b[31m` }),
    await customer.post('/v1/tickets', { ...opening, description: `${canary('huge')}${'x'.repeat(1_400_000)}` }),
    await customer.post('/v1/tickets', opening, { 'idempotency-key': `${canary('bad-key')} x` }),
    await customer.get(`/v1/tickets/${canary('path')}`),
    await customer.get(`/v1/tickets?cursor=${canary('cursor')}`),
    await customer.get(`/v1/tickets?${canary('query')}=1`),
    await customer.get(`/${canary('nowhere')}`),
    await customer.get('/v1/tickets/%0d%0a%1b[31mcanary-control'),
  ];
  note('canary-control', 'control characters');
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 413, 400, 400, 400, 400, 404, 400]);
  const bad = await fetch(`${desk.url}/v1/plans`, { headers: { authorization: `Bearer ${canary('bearer')}` } });
  expect(bad.status).toBe(401);
};

/** Mails of every outcome; of those that wait for a manager one is released and one is dropped. */
export const mailIn = async ({ desk, manager, canary, address }: World, { email, customer }: Party): Promise<void> => {
  const mail = (more: MailParts = {}) =>
    deliver(customer, {
      from: `${canary('sender')} <${email}>`,
      subject: canary('mail'),
      text: canary('text'),
      returnPath: email,
      ...more,
    });
  const outcomes = [
    await mail(),
    await mail({ verdicts: { dmarc: 'FAIL', dkim: 'FAIL', spf: 'FAIL' } }),
    await mail({ verdicts: { dmarc: 'FAIL' } }),
    await mail({ verdicts: { virus: 'FAIL' } }),
    await mail({ from: `${canary('unknown')} <${address('nobody')}>` }),
    await mail({ headers: ['Auto-Submitted: auto-replied', `X-Note: ${canary('header')}`] }),
    await mail({ headers: ['Content-Type: multipart/mixed; boundary="'], text: canary('damaged') }),
  ];
  succeeded(outcomes);
  await desk.settled();
  const waiting = await manager.get('/v1/quarantine');
  const [released, dropped] = (waiting.body.items as { mailId: string }[]).map(
    ({ mailId }) => `/v1/quarantine/${mailId}`,
  );
  succeeded([
    await manager.get(released!),
    await manager.post(`${released!}/release`, { reason: canary('release') }),
    await manager.post(`${dropped!}/drop`, { reason: canary('drop') }),
  ]);
  expect((await manager.post(`${dropped!}/release`, { reason: canary('too-late') })).status).toBe(409);
};

/** The clock of an open ticket is ended by hand, and so the sweep gives it a new one. */
export const endAClock = async (world: World, party: Party): Promise<void> => {
  const { desk, canary } = world;
  const ticketId = (await open(world, party)).split('/').at(-1)!;
  // A clock that dies young is left to the sweep's own look.
  await desk.advance(600);
  const states = new SFNClient({
    endpoint: desk.desk.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const [clock] = desk.desk.executions().filter(({ name }) => name.startsWith(ticketId));
  await states.send(
    new StopExecutionCommand({ executionArn: clock!.arn, error: canary('error'), cause: canary('cause') }),
  );
  states.destroy();
  await desk.settled();
};

/** Everything of an account is exported, page by page, and then its contact is erased. */
export const exportAndErase = async (
  { desk, manager }: World,
  { accountId, email, customer }: Party,
): Promise<void> => {
  const account = `/v1/accounts/${accountId}`;
  let cursor = '';
  do {
    const page = await customer.get(`${account}/export?limit=50${cursor}`);
    succeeded([page]);
    cursor = page.body.next === undefined ? '' : `&cursor=${String(page.body.next)}`;
  } while (cursor !== '');
  for (let calls = 1; ; calls += 1) {
    const answer = await manager.post(`${account}/erasures`, { email });
    succeeded([answer]);
    if (answer.body.done) return;
    expect(calls).toBeLessThan(60);
    if (answer.body.continueAt) await desk.moveTo(answer.body.continueAt);
  }
};
