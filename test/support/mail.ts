/** Mail as it comes to a running desk: messages written here, handed to the function that SES would wake. */
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Answer, Person } from './desk.ts';

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

export interface MailFile {
  readonly filename: string;
  readonly content: Buffer | string;
  readonly contentType?: string;
}

/** A message with files, written by a library as mail programs write them. */
export const rawMailWithFiles = async (
  { from = 'Ann <ann@example.com>', subject = 'Mail is stuck', text = 'See the files.', messageId }: MailParts,
  files: readonly MailFile[],
): Promise<string> => {
  const composed = new MailComposer({
    ...{ from, to: 'support@desk.example.com', subject, text, messageId: messageId ?? freshMessageId() },
    attachments: files.map((file) => ({ ...file })),
  });
  return (await composed.compile().build()).toString('latin1');
};

/** Hands a message as it stands to the desk, from a writer who is proven. */
export const deliverRaw = (somebody: Person, raw: string, from = 'ann@example.com'): Promise<Answer> =>
  somebody.post('/local/mail/inbound', {
    ...{ raw, encoding: 'latin1', envelope: { from, recipients: ['support@desk.example.com'] }, verdicts: GOOD },
  });
