import { describe, expect, it } from 'vitest';
import { plainText } from '../../lambdas/handlers/mail/body.ts';
import { reminderFor } from '../../lambdas/handlers/mail/letters.ts';

const unanswered = (count: number) =>
  Array.from({ length: count }, (_, place) => ({
    ticketId: `tkt_${String(place)}`,
    subject: `Problem ${String(place)}`,
    status: 'open' as const,
    priority: 'normal' as const,
    unansweredSince: new Date(Date.UTC(2026, 2, 31 - (place % 28))).toISOString(),
    timeZone: 'Europe/Berlin',
  }));

describe('the daily reminder', () => {
  it('names those first that wait longest, in their customer’s zone', () => {
    const { subject, body } = reminderFor('max@example.com', unanswered(3), 'Desk');
    const text = plainText(body);
    expect(subject).toBe('3 unanswered at TS3');
    expect(text.indexOf('tkt_2')).toBeLessThan(text.indexOf('tkt_0'));
    expect(text).toContain('“Problem 0” (normal), since Tuesday 31 March 2026, 02:00:00 (UTC+02:00)');
    expect(text).not.toContain('more; the queue');
  });

  it('stays readable however many there are, and says how many it leaves out', () => {
    const { subject, body } = reminderFor('max@example.com', unanswered(235), 'Desk');
    const text = plainText(body);
    expect(subject).toBe('235 unanswered at TS3');
    expect(text.match(/^- /gm)).toHaveLength(200);
    expect(text).toContain('And 35 more; the queue of TS3 has them all.');
  });
});
