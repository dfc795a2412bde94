import { beforeAll, expect, it } from 'vitest';
import { bookAdjustments } from '../../lambdas/domain/ticket/adjustments.ts';
import { decide } from '../../lambdas/domain/ticket/commands.ts';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { availableAt } from '../../lambdas/domain/account/ledger.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { EVENT_PREFIX, ticketKey } from '../../lambdas/store/keys.ts';
import { getItem, queryOnce, updateItem, type Table } from '../../lambdas/store/table.ts';
import { CursorError } from '../../lambdas/store/cursors.ts';
import { listEvents, listLedger, listQueue, listTickets } from '../../lambdas/store/lists.ts';
import { overdueTickets } from '../../lambdas/store/queue.ts';
import { readTogether } from '../../lambdas/store/read.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { settleStoredAccount } from '../../lambdas/store/settle-account.ts';
import { settleTicket } from '../../lambdas/store/settle-ticket.ts';
import { raiseGeneration, standingOf } from '../../lambdas/store/standing.ts';
import { accountOn, engineer, having, openedOn, planNamed } from '../support/records.ts';
import { onEachEngine, testTable } from './support.ts';

const OPENED = '2026-03-02T15:00:00.000Z';
const DEADLINE = '2026-03-02T19:00:00.000Z';
const LATE = '2026-03-02T19:00:01.000Z';
const answer = (key: string, hash = 'hash') => ({ caller: 'ann', key, hash, status: 201, body: '{}', at: OPENED });

onEachEngine('the store on', (engine) => {
  let table: Table;
  let count = 0;
  beforeAll(async () => {
    table = await testTable(engine);
  });

  /** An account with 50 points and one ticket on it, written as the API writes them. */
  const opened = async ({ key, boughtAt }: { key?: string; boughtAt?: string } = {}) => {
    count += 1;
    const suffix = String(count).padStart(26, '0');
    const accountId = `acc_${suffix}`;
    const account = having(accountOn('scalix-basic', { accountId }), 50, boughtAt);
    await commit(table, { account: { after: account } });
    const opening = openedOn(account, OPENED);
    const ticketId = `tkt_${suffix}`;
    const [event] = opening.events.map((one) => ({ ...one, ticketId }));
    const ticket = { ...opening.ticket, ticketId };
    const change = {
      ticket: { after: ticket },
      events: [event!],
      account: { before: account, after: opening.account },
      entries: [],
      ...(key !== undefined && { answer: answer(key) }),
    };
    return { ...opening, accountId, before: account, ticket, ticketId, change, outcome: await commit(table, change) };
  };

  it('writes an opening whole, and refuses the same key, the same ticket and a stale account', async () => {
    const { change, ticketId, outcome, account } = await opened({ key: 'key-1' });
    expect(outcome).toBe('committed');
    expect(await commit(table, change)).toBe('answered');
    expect(await commit(table, { ...change, answer: undefined })).toBe('stale');
    const other = { ...change.ticket.after, ticketId: `tkt_${'9'.repeat(26)}` };
    expect(await commit(table, { ...change, ticket: { after: other }, events: [], answer: answer('key-2') })).toBe(
      'stale',
    );
    const found = await readTogether(table, {
      accountId: account.accountId,
      ticketId,
      answer: { caller: 'ann', key: 'key-1', now: OPENED },
    });
    expect(found).toMatchObject({ account, ticket: change.ticket.after, answer: { hash: 'hash' } });
    expect(
      await readTogether(table, { ticketId: other.ticketId, answer: { caller: 'ann', key: 'key-2', now: OPENED } }),
    ).toEqual({});
  });

  it('forgets a key after seven days, by its own clock', async () => {
    await opened({ key: 'key-3' });
    const ask = (now: string) => readTogether(table, { answer: { caller: 'ann', key: 'key-3', now } });
    expect(await ask('2026-03-09T14:59:59.000Z')).toHaveProperty('answer');
    expect(await ask('2026-03-09T15:00:01.000Z')).toEqual({});
    const again = { ...answer('key-3', 'other'), at: '2026-03-09T15:00:01.000Z' };
    expect(await commit(table, { answer: again })).toBe('committed');
  });

  it('settles a missed ticket exactly once, however many try at the same time', async () => {
    const { ticketId, account } = await opened();
    expect(await settleTicket(table, ticketId, DEADLINE)).toMatchObject({ version: 2, deadlineAt: DEADLINE });
    const waits = await Promise.all(Array.from({ length: 8 }, () => settleTicket(table, ticketId, LATE)));
    expect(new Set(waits.map((wait) => JSON.stringify(wait))).size).toBe(1);
    const ledger = await listLedger(table, account.accountId, { limit: 50 });
    expect(ledger.items.map(({ kind, amount, at }) => [kind, amount, at])).toEqual([['credit', 10, DEADLINE]]);
    const found = await readTogether(table, { accountId: account.accountId, ticketId });
    expect(availableAt(found.account!.lots, LATE)).toBe(50);
    expect(found.ticket).toMatchObject({ tier: 'TS2', credited: 10 });
    const events = await listEvents(table, ticketId, { limit: 50 });
    expect(replay(events.items)).toEqual(found.ticket);
  });

  it('lets one of an answer and a settling win, never half of both', async () => {
    const { ticket, account } = await opened();
    const answered = decide(
      ticket,
      { type: 'post-message', messageId: 'msg_1', visibility: 'public' },
      engineer,
      DEADLINE,
    );
    if (!answered.ok) throw new Error(answered.refusal.message);
    const { ticket: after, events } = answered;
    const [outcome] = await Promise.all([
      commit(table, { ticket: { before: ticket, after }, events }),
      settleTicket(table, ticket.ticketId, LATE),
    ]);
    const found = await readTogether(table, { accountId: account.accountId, ticketId: ticket.ticketId });
    expect(found.ticket!.credited).toBe(outcome === 'committed' ? 0 : 10);
    expect(availableAt(found.account!.lots, LATE)).toBe(40 + found.ticket!.credited);
  });

  it('refuses a ticket that has changed since it was read, even where no event stands in the way', async () => {
    const { ticket } = await opened();
    const { ticket: after, events } = settle(ticket, LATE);
    expect(await commit(table, { ticket: { before: ticket, after }, events })).toBe('committed');
    expect(await commit(table, { ticket: { before: ticket, after } })).toBe('stale');
  });

  it('refuses a credit that was written before, even for a ticket and an account that look fresh', async () => {
    const { ticketId, account } = await opened();
    await settleTicket(table, ticketId, LATE);
    const found = await readTogether(table, { accountId: account.accountId });
    const credited = await listEvents(table, ticketId, { limit: 50 });
    const again = bookAdjustments(found.account!, credited.items)!;
    const change = { account: { before: found.account!, after: again.account }, entries: again.entries };
    await expect(commit(table, change)).rejects.toThrow(/write again what stands already: ACCOUNT#.* LEDGER#/);
    expect(await readTogether(table, { accountId: account.accountId })).toEqual(found);
  });

  it('keeps a parked token through every write of the ticket', async () => {
    const { ticketId } = await opened();
    const parked = { ':token': 'token-1', ':until': DEADLINE };
    await updateItem(table, {
      Key: ticketKey(ticketId),
      UpdateExpression: 'SET waitToken = :token, waitUntil = :until',
      ExpressionAttributeValues: parked,
    });
    await settleTicket(table, ticketId, LATE);
    expect(await standingOf(table, ticketId)).toMatchObject({
      parked: { token: 'token-1', until: DEADLINE },
      wait: { version: 5 },
    });
    expect(await raiseGeneration(table, ticketId, 0)).toBe(true);
    expect(await raiseGeneration(table, ticketId, 0)).toBe(false);
    expect(await standingOf(table, ticketId)).toMatchObject({
      parked: { token: 'token-1' },
      wait: { version: 5, generation: 1 },
    });
  });

  it('marks the one event of a change after which the clock has to move, and none where the clock asked for it', async () => {
    const marks = async (ticketId: string) => {
      const { items } = await queryOnce(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :events)',
        ExpressionAttributeValues: { ':pk': ticketKey(ticketId).pk, ':events': EVENT_PREFIX },
      });
      return items.map((item) => item.movesClock);
    };
    const byClock = await opened();
    await settleTicket(table, byClock.ticketId, LATE);
    expect(await marks(byClock.ticketId)).toEqual([true, false, false, false, false]);
    const { ticketId, ticket } = await opened();
    const { ticket: after, events } = settle(ticket, LATE);
    await commit(table, { ticket: { before: ticket, after }, events });
    expect(await marks(ticketId)).toEqual([true, false, false, false, true]);
  });

  it('gives back what a clock decided before a lot ran out and wrote after that was written down', async () => {
    const { ticketId, accountId } = await opened({ boughtAt: '2025-03-02T19:30:00.000Z' });
    const settleAt = (now: string) => settleStoredAccount(table, accountId, () => planNamed('scalix-basic'), now);
    const expired = await settleAt('2026-03-02T19:30:01.000Z');
    expect(expired?.lots).toMatchObject([{ remaining: 0, expiresAt: '2026-03-02T19:30:00.000Z' }]);
    await settleTicket(table, ticketId, '2026-03-02T19:29:59.000Z');
    const later = await settleAt('2026-03-03T00:00:00.000Z');
    const back = { source: 'credit', remaining: 10, expiresAt: '2026-04-01T19:00:00.000Z' };
    expect(later?.lots.filter(({ remaining }) => remaining > 0)).toMatchObject([back]);
    const { items } = await listLedger(table, accountId, { limit: 10 });
    expect(items.map(({ kind, amount }) => `${kind} ${String(amount)}`).toSorted()).toEqual(['credit 10', 'expiry 40']);
  });

  it('queues open tickets by their next deadline and drops closed ones', async () => {
    const { ticketId, ticket } = await opened();
    const inQueue = async () => {
      const { items } = await listQueue(table, 'TS1', { limit: 100 });
      return items.map((one) => one.ticketId);
    };
    expect(await inQueue()).toContain(ticketId);
    expect(await overdueTickets(table, LATE)).toContainEqual(expect.objectContaining({ ticketId }));
    const closed = decide(ticket, { type: 'close' }, { role: 'customer' }, OPENED);
    if (!closed.ok) throw new Error(closed.refusal.message);
    await commit(table, { ticket: { before: ticket, after: closed.ticket }, events: closed.events });
    expect(await inQueue()).not.toContain(ticketId);
    const item = await getItem(table, ticketKey(ticketId));
    expect(item).toBeDefined();
    expect(item).not.toHaveProperty('queuePk');
    expect(item).not.toHaveProperty('deadlineAt');
  });

  it('queues before all deadlines what is late and due no more, where no sweep takes it for a dead clock', async () => {
    const late = await opened();
    await settleTicket(table, late.ticketId, '2026-03-20T00:00:00.000Z');
    const due = await opened();
    let { ticket } = due;
    for (const tier of ['TS2', 'TS3']) {
      const climbed = decide(ticket, { type: 'escalate', reason: 'It needs a patch.' }, engineer, OPENED);
      if (!climbed.ok) throw new Error(climbed.refusal.message);
      await commit(table, { ticket: { before: ticket, after: climbed.ticket }, events: climbed.events });
      ({ ticket } = climbed);
      expect(ticket.tier).toBe(tier);
    }
    const { items } = await listQueue(table, 'TS3', { limit: 100 });
    const queued = items.map(({ ticketId }) => ticketId).filter((id) => id === late.ticketId || id === due.ticketId);
    expect(queued).toEqual([late.ticketId, due.ticketId]);
    const overdue = (await overdueTickets(table, LATE)).map(({ ticketId }) => ticketId);
    expect(overdue).toContain(due.ticketId);
    expect(overdue).not.toContain(late.ticketId);
  });

  it('pages lists without losing or doubling, and refuses cursors of another list', async () => {
    const { ticketId, account } = await opened();
    await settleTicket(table, ticketId, '2026-03-20T00:00:00.000Z');
    const whole = await listEvents(table, ticketId, { limit: 50 });
    const paged: unknown[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await listEvents(table, ticketId, { limit: 2, cursor });
      expect(items.length).toBeLessThanOrEqual(2);
      paged.push(...items);
      cursor = next;
    } while (cursor !== undefined);
    expect(whole.items.length).toBe(10);
    expect(paged).toEqual(whole.items);
    const { next } = await listEvents(table, ticketId, { limit: 2 });
    await expect(listLedger(table, account.accountId, { limit: 2, cursor: next })).rejects.toThrow(CursorError);
    await expect(listEvents(table, ticketId, { limit: 2, cursor: 'rubbish' })).rejects.toThrow(CursorError);
    const tickets = await listTickets(table, account.accountId, { limit: 2 });
    expect(tickets).toMatchObject({ items: [{ ticketId }] });
    expect(tickets).not.toHaveProperty('next');
  });
});
