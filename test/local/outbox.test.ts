import { expect, test } from 'vitest';
import { DeskClock } from '../../lib/local/clock.ts';
import { Journal } from '../../lib/local/journal.ts';
import { Outbox } from '../../lib/local/mail/outbox.ts';

const letter = (subject: string): Buffer =>
  Buffer.from(`From: desk@example.com\r\nTo: ann@example.com\r\nSubject: ${subject}\r\n\r\nHello`);

test('a letter that was lost on its way into the journal leaves no room in which the next takes the place of another', async () => {
  const journal = new Journal();
  const open = () => new Outbox({ journal, clock: new DeskClock() });
  const first = open();
  for (const subject of ['one', 'two', 'three']) await first.send(letter(subject), []);
  // Two letters were under way when the desk was killed, and the second of them was quicker.
  journal.delete('mail/00000002');
  const second = open();
  await second.send(letter('four'), []);
  expect(second.all().map(({ subject }) => subject)).toEqual(['one', 'three', 'four']);
});
