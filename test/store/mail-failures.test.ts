/** Failures of mail in the table: noted once whatever is repeated or raced, and never at the cost of a clock, a charge or a promise. */
import { beforeAll, describe, expect, it } from 'vitest';
import { afterLift } from '../../lambdas/domain/mail/address.ts';
import { handleReport } from '../../lambdas/handlers/inbound/delivery-report.ts';
import type { DeliveryReport } from '../../lambdas/handlers/inbound/reading/report.ts';
import { markAddress } from '../../lambdas/store/addresses.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { listStops } from '../../lambdas/store/lists.ts';
import { recordMail } from '../../lambdas/store/mails.ts';
import { noteMailFailure, type MailFailure } from '../../lambdas/store/note-mail-failure.ts';
import { readStops, readTogether } from '../../lambdas/store/read.ts';
import type { Table } from '../../lambdas/store/table.ts';
import { timelineOf } from '../../lambdas/store/timeline.ts';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { isForCustomers } from '../../lambdas/domain/ticket/ticket-event.ts';
import { ACCOUNT_ID, accountOn, having, manager, openedOn, TICKET_ID, type Opened } from '../support/records.ts';
import { onEachEngine, testTable } from './support.ts';

const OPENED_AT = '2026-03-02T15:00:00.000Z';
const AT = '2026-03-02T15:05:00.000Z';
const LETTER = '0100017a-0000-0000-0000-000000000000-000000';

/** What stops mail to an address. */
const stopOf = async (table: Table, email: string) => (await readStops(table, [email])).get(email.toLowerCase());

onEachEngine('on', (engine) => {
  let table: Table;
  let count = 0;
  beforeAll(async () => {
    table = await testTable(engine);
  }, 60_000);

  /** A ticket of an account and a contact of its own, and a letter about it. */
  const ticket = async () => {
    const number = String((count += 1)).padStart(4, '0');
    const email = `ann${number}@example.com`;
    const accountId = `${ACCOUNT_ID.slice(0, -4)}${number}`;
    const ticketId = `${TICKET_ID.slice(0, -4)}${number}`;
    const text = JSON.stringify(openedOn(having(accountOn('scalix-basic'), 50), OPENED_AT))
      .replaceAll(ACCOUNT_ID, accountId)
      .replaceAll(TICKET_ID, ticketId)
      .replaceAll('ann@example.com', email);
    const { ticket: after, events, account } = JSON.parse(text) as Opened;
    await commit(table, { ticket: { after }, events, account: { after: account } });
    const letter = `${LETTER.slice(0, -4)}${number}`;
    await recordMail(table, { cause: `${ticketId}-1`, to: email, at: OPENED_AT, sesMessageId: letter, ticketId });
    const failure: MailFailure = {
      ...{ letter, to: email, ticketId, cause: `${ticketId}-1`, at: AT, reason: 'It came back.' },
      ...({ kind: 'bounce', stops: 'bounced' } as const),
    };
    return { email, ticketId, accountId, letter, failure };
  };
  const failuresOf = async (ticketId: string) =>
    (await timelineOf(table, ticketId)).filter((event) => event.type === 'mail-failed');

  it('a permanent failure is on the ticket once, and stops mail to the address, whatever is repeated or raced', async () => {
    const { email, ticketId, failure } = await ticket();
    const noted = await Promise.all([1, 2, 3, 4].map(() => noteMailFailure(table, failure)));
    expect(noted.filter(Boolean)).toHaveLength(1);
    expect(await noteMailFailure(table, failure)).toBe(false);
    expect(await failuresOf(ticketId)).toMatchObject([
      { to: email, kind: 'bounce', permanent: true, visibility: 'public', actor: { role: 'desk' }, at: AT },
    ]);
    expect(await stopOf(table, email.toUpperCase())).toMatchObject({ state: 'bounced', at: AT });
  });

  it('nothing of the ticket changes but its timeline', async () => {
    const { ticketId, failure } = await ticket();
    const before = (await readTogether(table, { ticketId })).ticket;
    const account = (await readTogether(table, { accountId: before!.accountId })).account;
    await noteMailFailure(table, failure);
    const { ticket: after, standing } = await readTogether(table, { ticketId });
    expect(after).toEqual({ ...before, version: before!.version + 1, changedAt: AT });
    expect(replay(await timelineOf(table, ticketId))).toEqual(after);
    expect((await readTogether(table, { accountId: before!.accountId })).account).toEqual(account);
    expect(standing?.wait.version).toBe(after?.version);
  });

  it('a transient failure is noted and stops nothing', async () => {
    const { email, ticketId, failure } = await ticket();
    const { stops: _stops, ...rest } = failure;
    await noteMailFailure(table, { ...rest, kind: 'transient' });
    expect(await failuresOf(ticketId)).toMatchObject([{ kind: 'transient', permanent: false }]);
    expect(await stopOf(table, email)).toBeUndefined();
    expect(await noteMailFailure(table, failure)).toBe(true);
    expect(await stopOf(table, email)).toBeDefined();
  });

  it('a complaint is never weakened to a bounce, in whichever order they come', async () => {
    for (const order of [['bounce', 'complaint'] as const, ['complaint', 'bounce'] as const]) {
      const { email, ticketId, failure } = await ticket();
      const stops = { bounce: 'bounced', complaint: 'complained' } as const;
      for (const kind of order) await noteMailFailure(table, { ...failure, kind, stops: stops[kind] });
      expect(await stopOf(table, email)).toMatchObject({ state: 'complained' });
      expect(await failuresOf(ticketId)).toHaveLength(2);
    }
  });

  it('letters to the vendor’s own people fail where no customer sees it', async () => {
    const { ticketId, failure, letter: sesMessageId } = await ticket();
    const letter = { cause: `${ticketId}-1`, at: OPENED_AT, sesMessageId, ticketId };
    await recordMail(table, { ...letter, to: 'ts1@example.com' });
    await noteMailFailure(table, { ...failure, to: 'ts1@example.com' });
    const [event] = await failuresOf(ticketId);
    expect(event).toMatchObject({ to: 'ts1@example.com', visibility: 'internal' });
    expect(isForCustomers(event!)).toBe(false);
  });

  it('of a letter that the desk has no record of is nobody’s: its reader was erased', async () => {
    const { ticketId, failure } = await ticket();
    expect(await noteMailFailure(table, { ...failure, to: 'gone@example.com' })).toBe(false);
    expect(await failuresOf(ticketId)).toEqual([]);
    expect(await stopOf(table, 'gone@example.com')).toBeUndefined();
  });

  it('a letter about no ticket stops mail all the same', async () => {
    const failure = { letter: 'report', at: AT, reason: 'Gone.', kind: 'bounce', stops: 'bounced' } as const;
    await noteMailFailure(table, { ...failure, to: 'Bea@example.com' });
    expect(await stopOf(table, 'bea@example.com')).toMatchObject({ state: 'bounced' });
    await noteMailFailure(table, { ...failure, to: 'cid@example.com', kind: 'transient', stops: undefined });
    expect(await stopOf(table, 'cid@example.com')).toBeUndefined();
  });

  it('a lifted stop is not set again by a report that comes twice', async () => {
    const email = `dan${engine}@example.com`;
    const failure = { email, state: 'bounced', at: AT, reason: 'Gone.' } as const;
    await markAddress(table, failure);
    expect((await readStops(table, [email.toUpperCase(), 'eve@example.com'])).get(email)).toMatchObject({ at: AT });
    expect((await listStops(table, { limit: 100 })).items.map((one) => one.email)).toContain(email);
    const { address: before } = await readTogether(table, { address: email });
    const after = afterLift(before, { actor: manager, now: '2026-03-02T16:00:00.000Z' })!;
    expect(await commit(table, { address: { before, after } })).toBe('committed');
    expect(await commit(table, { address: { before, after } })).toBe('stale');
    await markAddress(table, failure);
    expect(await stopOf(table, email)).toBeUndefined();
    expect((await listStops(table, { limit: 100 })).items.map((one) => one.email)).not.toContain(email);
  });

  describe('a report that comes in by mail', () => {
    const report = (to: string, letter: string, changes: Partial<DeliveryReport> = {}) => ({
      messageId: '<1@mail.example.net>',
      references: [],
      report: {
        action: 'failed' as const,
        recipients: [to],
        originalMessageIds: [`${letter}@email.amazonses.com`],
        permanent: true,
        diagnosis: '550 5.1.1 user unknown',
        ...changes,
      },
    });

    it('stops mail where it names our letter and its reader, once', async () => {
      const { email, ticketId, letter } = await ticket();
      const mail = report(email.toUpperCase(), letter);
      expect(await handleReport({ table }, mail, AT)).toEqual({ ticketId });
      expect(await handleReport({ table }, { ...mail, messageId: '<2@mail.example.net>' }, AT)).toEqual({ ticketId });
      expect(await failuresOf(ticketId)).toMatchObject([
        { to: email, kind: 'bounce', permanent: true, reason: expect.stringContaining('user unknown') },
      ]);
      expect(await stopOf(table, email)).toMatchObject({ state: 'bounced', cause: `${ticketId}-1` });
    });

    it('is the same failure that SES reports', async () => {
      const { email, ticketId, letter, failure } = await ticket();
      await noteMailFailure(table, failure);
      await handleReport({ table }, report(email, letter), AT);
      expect(await failuresOf(ticketId)).toHaveLength(1);
    });

    it('may name the letter in its References', async () => {
      const { email, letter } = await ticket();
      const references = [`<${letter}@eu-west-1.amazonses.com>`];
      await handleReport({ table }, { ...report(email, letter, { originalMessageIds: [] }), references }, AT);
      expect(await stopOf(table, email)).toMatchObject({ state: 'bounced' });
    });

    it('that is forged silences nobody: a made-up id, another reader, another domain, the thread alone', async () => {
      const { email, ticketId, letter } = await ticket();
      const forged = [
        report(email, '0100017a-1111-1111-1111-000000000000-000000'),
        report('mallory@example.net', letter),
        report(email, letter, { originalMessageIds: [`${letter}@example.net`] }),
        report(email, letter, { recipients: [] }),
      ];
      for (const mail of forged) expect(await handleReport({ table }, mail, AT)).toBeUndefined();
      expect(await failuresOf(ticketId)).toEqual([]);
      const thread = report(email, letter, { originalMessageIds: [`<${ticketId}@desk.example.com>`] });
      expect(await handleReport({ table }, thread, AT)).toEqual({ ticketId });
      await handleReport({ table }, thread, AT);
      expect(await failuresOf(ticketId)).toMatchObject([{ kind: 'transient', permanent: false }]);
      expect(await stopOf(table, email)).toBeUndefined();
    });

    it('of a delay, or of a failure that may pass, stops nothing; one of success is no failure', async () => {
      const { email, ticketId, letter } = await ticket();
      expect(await handleReport({ table }, report(email, letter, { action: 'other' }), AT)).toBeUndefined();
      expect(await failuresOf(ticketId)).toEqual([]);
      await handleReport({ table }, report(email, letter, { action: 'delayed' }), AT);
      await handleReport({ table }, report(email, letter, { permanent: false }), AT);
      expect(await failuresOf(ticketId)).toMatchObject([{ kind: 'transient' }]);
      expect(await stopOf(table, email)).toBeUndefined();
    });

    it('is nothing to a message that is none', async () => {
      expect(await handleReport({ table }, { messageId: '<1@mail.example.net>' }, AT)).toBeUndefined();
    });
  });
});
