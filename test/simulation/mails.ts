/** Mail as people send it to the desk, now and then twice, as mail servers do that did not hear the answer. */
import type { Chance } from './chance.ts';
import type { Person } from './front-door.ts';
import type { World } from './world.ts';

export interface Mail {
  readonly person: Person;
  readonly subject: string;
  readonly text: string;
  /** Names the mail: the same mail, sent twice, has the same. */
  readonly id: string;
  readonly chance: Chance;
  /** The ticket that it answers. */
  readonly ticketId?: string;
}

const PASSED = { spf: 'PASS', dkim: 'PASS', dmarc: 'PASS', spam: 'PASS', virus: 'PASS' };
/** Nothing is known of who wrote it. */
const UNPROVEN = { ...PASSED, spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL' };

export const mailFrom = ({ desk }: World, { person, subject, text, id, chance, ticketId }: Mail): void => {
  const raw = [
    `From: ${person.email}`,
    'To: support@desk.example.com',
    `Subject: ${subject}`,
    `Message-ID: <${id}@mail.example.com>`,
    ...(ticketId === undefined ? [] : [`References: <${ticketId}@desk.example.com>`]),
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
  ].join('\r\n');
  const mail = {
    ...{ raw, encoding: 'utf8' as const, envelope: { from: person.email, recipients: ['support@desk.example.com'] } },
    verdicts: chance.happens(0.05) ? UNPROVEN : PASSED,
  };
  const times = chance.happens(0.05) ? 2 : 1;
  for (let time = 0; time < times; time += 1)
    desk.acceptMail({ ...mail, verdicts: { ...mail.verdicts, dmarcPolicy: undefined } });
};
