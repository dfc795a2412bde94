/** Claims on letters against a real table: what the item of an hour costs, and whom it counts. */
import type { UpdateItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import { claimMail } from '../../lambdas/store/mails.ts';
import type { Table } from '../../lambdas/store/table.ts';
import { onEachEngine, testTable } from './support.ts';

const NOW = '2026-03-02T15:20:00.000Z';
const TICKET = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2M';
const FIFTY = 50;

onEachEngine('a claim on', (engine) => {
  let table: Table;
  const units: number[] = [];
  beforeAll(async () => {
    table = await testTable(engine, { watched: true });
    table.client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        units.push((answer.output as UpdateItemCommandOutput).ConsumedCapacity?.CapacityUnits ?? NaN);
        return answer;
      },
      { step: 'initialize', name: 'units' },
    );
  }, 60_000);

  it('costs one write unit, also for the last letter of an hour that is full', async () => {
    const cap = { kind: 'routine', most: FIFTY };
    for (let sent = 0; sent < FIFTY; sent += 1) {
      const mail = { cause: `${TICKET}#${String(sent)}`, to: 'ann@example.com' };
      expect(await claimMail(table, mail, NOW, cap, Date.parse(NOW))).toBe('claimed');
    }
    expect(units).toEqual(Array.from({ length: FIFTY }, () => 1));
  });

  it('counts for the hour and for the account, and what is over for an account takes no place of the hour', async () => {
    const claim = (cause: string, accountId?: string) => {
      const cap = { kind: 'important', most: 4, ...(accountId && { of: { accountId, most: 2 } }) };
      return claimMail(table, { cause, to: 'tier@example.com' }, NOW, cap, Date.parse(NOW));
    };
    expect(await claim('1', 'acc_1')).toBe('claimed');
    expect(await claim('2', 'acc_1')).toBe('claimed');
    expect(await claim('3', 'acc_1')).toBe('over');
    expect(await claim('4', 'acc_2')).toBe('claimed');
    expect(await claim('5')).toBe('claimed');
    expect(await claim('6', 'acc_2')).toBe('over');
  });
});
