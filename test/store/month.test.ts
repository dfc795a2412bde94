/** What a report reads of the table. */
import { expect, it } from 'vitest';
import type { LedgerEntry } from '../../lambdas/domain/account/ledger.ts';
import { ledgerItem } from '../../lambdas/store/items.ts';
import { ledgerBetween } from '../../lambdas/store/month.ts';
import { transact } from '../../lambdas/store/table.ts';
import { anyEngine, testTable } from './support.ts';

it('reads all lines of a busy month, over the pages of the table, and none of another', async () => {
  const table = await testTable(anyEngine);
  const from = '2026-03-01T05:00:00.000Z';
  const to = '2026-04-01T04:00:00.000Z';
  const lineAt = (at: string, number: number): LedgerEntry => ({
    ...{ accountId: 'acc_1', entryId: `ent_${String(number).padStart(5, '0')}`, at, recordedAt: at },
    ...{ kind: 'charge', amount: 1, unit: 'token', actor: { role: 'desk' }, lots: [] },
    // Long enough that a page of the table, of a megabyte, does not hold them.
    reason: 'x'.repeat(600),
  });
  const minute = (number: number) => new Date(Date.parse(from) + number * 60_000).toISOString();
  const lines = Array.from({ length: 2_400 }, (_, number) => lineAt(minute(number), number));
  const others = [lineAt('2026-03-01T04:59:59.999Z', 90_000), lineAt(to, 90_001)];
  const all = [...lines, ...others].map((line) => ({ Put: { Item: ledgerItem(line) } }));
  for (let first = 0; first < all.length; first += 100) await transact(table, all.slice(first, first + 100));
  expect(await ledgerBetween(table, { accountId: 'acc_1', from, to })).toEqual(lines);
});
