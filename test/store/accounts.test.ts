import { beforeAll, expect, it } from 'vitest';
import { openAccount } from '../../lambdas/domain/account/account-commands.ts';
import { settleAccount } from '../../lambdas/domain/account/account-settle.ts';
import { accountsById, allAccounts } from '../../lambdas/store/accounts.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { accountKey } from '../../lambdas/store/keys.ts';
import { listAccounts, listAccountsOf, listLedger } from '../../lambdas/store/lists.ts';
import { dueAccounts, overdueTickets } from '../../lambdas/store/queue.ts';
import { readTogether } from '../../lambdas/store/read.ts';
import { caughtUp, settleStoredAccount } from '../../lambdas/store/settle-account.ts';
import { updateItem, type Table } from '../../lambdas/store/table.ts';
import { accountOn, manager, planNamed } from '../support/records.ts';
import { onEachEngine, testTable } from './support.ts';

const CREATED = '2026-03-02T15:00:00.000Z';
const planOf = ({ planId }: { planId: string }) => planNamed(planId);

onEachEngine('accounts in time, on', (engine) => {
  let table: Table;
  let count = 0;
  beforeAll(async () => {
    table = await testTable(engine, { watched: true });
  });

  const created = async (planId: string) => {
    count += 1;
    const accountId = `acc_${String(count).padStart(26, '0')}`;
    const opened = openAccount(accountOn(planId, { accountId, createdAt: CREATED }), planNamed(planId), manager);
    if (!opened.ok) throw new Error(opened.refusal.message);
    const { account, entries } = opened;
    expect(await commit(table, { account: { after: account }, entries })).toBe('committed');
    return account;
  };
  const ledger = async (accountId: string) => {
    const entries = [];
    let cursor: string | undefined;
    do {
      const page = await listLedger(table, accountId, { limit: 100, cursor });
      entries.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    return entries;
  };

  it('finds an account from the moment on at which something is due, and not once it is settled', async () => {
    const account = await created('scalix-bronze');
    const dueAt = account.subscription!.endsAt;
    const due = { accountId: account.accountId, dueAt };
    expect(await dueAccounts(table, new Date(Date.parse(dueAt) - 1).toISOString())).not.toContainEqual(due);
    expect(await dueAccounts(table, dueAt)).toContainEqual(due);
    const settled = await settleStoredAccount(table, account.accountId, planOf, dueAt);
    expect(settled).toMatchObject({ subscription: { terms: 2 } });
    expect((await dueAccounts(table, dueAt)).map(({ accountId }) => accountId)).not.toContain(account.accountId);
    const tickets = [];
    for (const { ticketId } of await overdueTickets(table, '2099-01-01T00:00:00.000Z')) tickets.push(ticketId);
    expect(tickets).toEqual([]);
  });

  it('settles once, whoever does it at the same time and however often', async () => {
    const { accountId } = await created('severity-gold');
    const now = '2026-07-15T12:00:00.000Z';
    await Promise.all(Array.from({ length: 6 }, () => settleStoredAccount(table, accountId, planOf, now)));
    await settleStoredAccount(table, accountId, planOf, now);
    const kinds = (await ledger(accountId)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'grant')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'expiry')).toHaveLength(4);
  });

  it('catches an account up that nobody touched for years, in as many transactions as it takes', async () => {
    const account = await created('severity-gold');
    const now = '2033-03-02T15:00:00.000Z';
    const whole = settleAccount(account, planNamed('severity-gold'), now);
    expect(whole.entries.length).toBeGreaterThan(150);
    const ready = await caughtUp(table, account, planOf, now);
    expect(settleAccount(ready, planNamed('severity-gold'), now).entries).toEqual([]);
    expect((await readTogether(table, { accountId: account.accountId })).account).toEqual(ready);
    expect(await ledger(account.accountId)).toHaveLength(whole.entries.length + 1);
  });

  it('reads accounts by the hundred, and asks again for what the table did not serve', async () => {
    const ids = (await Promise.all([created('scalix-basic'), created('scalix-bronze')])).map(
      ({ accountId }) => accountId,
    );
    const absent = Array.from({ length: 150 }, (_, number) => `acc_Z${String(number).padStart(25, '0')}`);
    const asked: number[] = [];
    table.client.middlewareStack.add(
      (next) => async (args) => {
        const { RequestItems } = args.input as { RequestItems: Record<string, { Keys: object[] }> };
        const keys = RequestItems[table.name]!.Keys;
        asked.push(keys.length);
        const answer = await next(args);
        // As DynamoDB does where a read grows too large for one answer.
        if (asked.length === 1)
          Object.assign(answer.output, {
            Responses: { [table.name]: [] },
            UnprocessedKeys: { [table.name]: { Keys: keys.slice(0, 40) } },
          });
        return answer;
      },
      { step: 'initialize', name: 'serves a part' },
    );
    const found = [];
    for await (const { accountId } of accountsById(table, [...ids, ...absent])) found.push(accountId);
    table.client.middlewareStack.remove('serves a part');
    expect(found.toSorted()).toEqual(ids.toSorted());
    expect(asked).toEqual([100, 40, 52]);
    const all = [];
    for await (const { accountId } of allAccounts(table)) all.push(accountId);
    expect(all).toEqual(expect.arrayContaining(ids));
    expect(new Set(all).size).toBe(all.length);
  });

  it('lists an account that the release before wrote once it is written again, and finds it by address until then', async () => {
    const contacts = [{ email: 'Old@example.com', name: 'Old', role: 'user' as const }];
    const account = accountOn('scalix-basic', { accountId: 'acc_0000000000000000000000000X', contacts });
    await commit(table, { account: { after: account } });
    const listed = async () => (await listAccounts(table, { limit: 100 })).items.map(({ accountId }) => accountId);
    expect(await listed()).toContain(account.accountId);
    await updateItem(table, {
      Key: accountKey(account.accountId),
      UpdateExpression: 'REMOVE byAccountPk, byAccountSk',
    });
    expect(await listed()).not.toContain(account.accountId);
    expect((await listAccountsOf(table, 'old@EXAMPLE.com', { limit: 100 })).items).toEqual([account]);
    const after = { ...account, version: 2, name: 'Renamed Ltd' };
    await commit(table, { account: { before: account, after } });
    expect(await listed()).toContain(account.accountId);
  });

  it('does not show an account for a contact that it has no more', async () => {
    const contacts = [{ email: 'gone@example.com', name: 'Gone', role: 'user' as const }];
    const account = accountOn('scalix-basic', { accountId: 'acc_0000000000000000000000000Y', contacts });
    await commit(table, { account: { after: account } });
    await commit(table, { account: { before: account, after: { ...account, version: 2, contacts: [] } } });
    expect(await listAccountsOf(table, 'gone@example.com', { limit: 1 })).toEqual({ items: [] });
  });

  it('leaves an account alone that a command can settle by itself', async () => {
    const account = await created('severity-gold');
    expect(await caughtUp(table, account, planOf, '2026-09-01T00:00:00.000Z')).toBe(account);
    expect(await ledger(account.accountId)).toHaveLength(1);
  });
});
