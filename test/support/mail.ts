/** Mail as it comes to a running desk: messages written here, handed to the function that SES would wake; and mail as it goes out. */
import type { Answer, Person, TestDesk } from './desk.ts';

/** A mail that nothing is wrong with. */
export const GOOD = { spf: 'PASS', dkim: 'PASS', dmarc: 'PASS', spam: 'PASS', virus: 'PASS' } as const;

export interface MailParts {
  readonly from?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly messageId?: string;
  /** Whole lines of header beside the usual ones. */
  readonly headers?: readonly string[];
  readonly returnPath?: string;
  readonly recipients?: readonly string[];
  readonly verdicts?: Readonly<Record<string, string | undefined>>;
}

let written = 0;
export const freshMessageId = (): string => `<${String((written += 1))}@mail.example.com>`;

export const rawMail = ({
  from = 'Ann <ann@example.com>',
  subject = 'Mail is stuck',
  text = 'Nothing leaves the queue.',
  messageId = freshMessageId(),
  headers = [],
}: MailParts = {}): string =>
  [
    `From: ${from}`,
    'To: support@desk.example.com',
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    'Content-Type: text/plain; charset=utf-8',
    ...headers,
    '',
    text,
  ].join('\r\n');

/** Hands a mail to the desk; anybody may. */
export const deliver = (somebody: Person, mail: MailParts = {}): Promise<Answer> =>
  somebody.post('/local/mail/inbound', {
    raw: rawMail(mail),
    envelope: {
      from: mail.returnPath ?? 'ann@example.com',
      recipients: mail.recipients ?? ['support@desk.example.com'],
    },
    verdicts: { ...GOOD, ...mail.verdicts },
  });

/** The path of the rating page, from the letter about a closed ticket. */
export const ratingPathOf = async ({ desk, url, settled }: TestDesk, ticketId: string): Promise<string> => {
  await settled();
  const letter = desk
    .mails()
    .find(({ subject }) => subject.startsWith('Your ticket is closed') && subject.includes(ticketId));
  const link = new RegExp(`${url}(/v1/ratings/\\S+)`).exec(letter?.text ?? '')?.[1];
  if (link === undefined) throw new Error(`no rating link for ${ticketId}: ${letter?.text ?? 'no letter'}`);
  return link;
};
