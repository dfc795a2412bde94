/** How what a mail brings gets into the change that it causes, before anything is written. */
import { describe, expect, it } from 'vitest';
import { replay } from '../../../lambdas/domain/ticket/evolve.ts';
import { keeping, shownText } from '../../../lambdas/handlers/inbound/keep.ts';
import type { Change } from '../../../lambdas/store/commit.ts';
import { accountOn, having, openedOn, TICKET_ID } from '../../support/records.ts';

const NOW = '2026-03-02T15:00:00.000Z';
const mailOf = (text: string, fullText = text) => ({
  sesMessageId: 'ses-1',
  message: { text, fullText, attachments: [] },
});

describe('what a mail brings', () => {
  it('stands in the opening and in its event alike, with the whole text beside it', async () => {
    const { ticket, events } = openedOn(having(accountOn('scalix-basic'), 50), NOW);
    const change: Change = { ticket: { after: ticket }, events };
    const kept = await keeping(undefined, mailOf('Yes.', 'Yes.\n> Does it?'), change);
    expect(kept.ticket?.after.mail).toEqual({ sesMessageId: 'ses-1', shortened: true });
    expect(kept.ticket?.after).not.toHaveProperty('attachments');
    expect(replay(kept.events ?? [])).toEqual(kept.ticket?.after);
    expect(kept.fullTexts).toEqual([{ ticketId: ticket.ticketId, seq: 1, text: 'Yes.\n> Does it?' }]);
  });

  it('stands in the message of an answer, and leaves its ticket alone', async () => {
    const { ticket, events } = openedOn(having(accountOn('scalix-basic'), 50), NOW);
    const author = { role: 'customer', email: 'ann@example.com' } as const;
    const message = { messageId: 'msg_1', ticketId: TICKET_ID, seq: 4, at: NOW, author, visibility: 'public' as const };
    const change: Change = {
      ticket: { after: ticket },
      events,
      messages: [{ ...message, body: 'Yes.', attachments: [] }],
    };
    const kept = await keeping(undefined, mailOf('Yes.'), change);
    expect(kept.messages).toMatchObject([{ seq: 4, mail: { sesMessageId: 'ses-1', shortened: false } }]);
    expect(kept.fullTexts).toEqual([]);
    expect([kept.ticket, kept.events]).toEqual([change.ticket, change.events]);
  });

  it('is never dropped silently: a file that has no place to be kept is an error', async () => {
    const file = { filename: 'a.txt', contentType: 'text/plain', content: new Uint8Array(3), inline: false };
    const { sesMessageId, message } = mailOf('See the file.');
    expect(shownText({ ...message, attachments: [file] })).toBe('See the file.');
    await expect(
      keeping(undefined, { sesMessageId, message: { ...message, attachments: [file] } }, {}),
    ).rejects.toThrow('no place');
  });
});
