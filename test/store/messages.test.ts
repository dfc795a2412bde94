/** Messages as long as they may be, and what is kept beside them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { commit } from '../../lambdas/store/commit.ts';
import { readFullText } from '../../lambdas/store/full-texts.ts';
import { listMessages } from '../../lambdas/store/lists.ts';
import type { Table } from '../../lambdas/store/table.ts';
import { anyEngine, testTable } from './support.ts';

const ticketId = `tkt_${'0'.repeat(26)}`;
const message = {
  ...{
    ticketId,
    at: '2026-03-02T15:00:00.000Z',
    visibility: 'public' as const,
    body: '☃'.repeat(20_000),
    attachments: [],
  },
  author: { role: 'customer', email: 'ann@example.com' },
} as const;

describe('the messages of a ticket', () => {
  let table: Table;
  beforeAll(async () => {
    table = await testTable(anyEngine);
  });

  it('are listed all, also where a page of them is more than DynamoDB answers at once', async () => {
    const seqs = Array.from({ length: 30 }, (_, index) => index + 2);
    for (const seq of seqs) {
      const one = { ...message, seq, messageId: `msg_${String(seq)}`, attachments: [] };
      expect(await commit(table, { messages: [one] })).toBe('committed');
    }
    const first = await listMessages(table, ticketId, { limit: 25 });
    const rest = await listMessages(table, ticketId, { limit: 25, cursor: first.next });
    expect([...first.items, ...rest.items].map(({ seq }) => seq)).toEqual(seqs);
    expect([first.items.length, rest.next]).toEqual([25, undefined]);
  });

  it('come in pages that a function can answer, however long they are and however many are asked for', async () => {
    const own = `tkt_${'1'.repeat(26)}`;
    const seqs = Array.from({ length: 50 }, (_, index) => index + 2);
    for (const seq of seqs) {
      const one = { ...message, ticketId: own, seq, messageId: `msg_${String(seq)}`, attachments: [] };
      await commit(table, { messages: [one] });
    }
    const sizes: number[] = [];
    const read: number[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await listMessages(table, own, { limit: 100, cursor });
      sizes.push(Buffer.byteLength(JSON.stringify(items)));
      read.push(...items.map(({ seq }) => seq));
      cursor = next;
    } while (cursor !== undefined);
    expect(read).toEqual(seqs);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(2_100_000);
  });

  it('have the whole texts of their mails beside them, cut where no item could hold one', async () => {
    const text = '"\n☃'.repeat(33_000);
    const fullTexts = [
      { ticketId, seq: 1, text },
      { ticketId, seq: 2, text: '\ud800'.repeat(100_000) },
    ];
    expect(await commit(table, { fullTexts })).toBe('committed');
    expect(await readFullText(table, { ticketId, seq: 1 })).toBe(text);
    expect((await readFullText(table, { ticketId, seq: 2 }))?.length).toBeGreaterThan(50_000);
    expect(await readFullText(table, { ticketId, seq: 3 })).toBeUndefined();
  });
});
