/** Mail as it comes to a running desk: messages written here, handed to the function that SES would wake; and mail as it goes out. */
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { expect } from 'vitest';
import { customerOn, type Answer, type Customer, type Person, type StaffedDesk, type TestDesk } from './desk.ts';

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
  /** What stands in the To header. */
  readonly to?: string;
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
  to = 'support@desk.example.com',
}: MailParts = {}): string =>
  [
    `From: ${from}`,
    `To: ${to}`,
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

/** A customer whose administrator is a contact of no other account. */
export interface Correspondent extends Customer {
  readonly email: string;
}

export interface Handled {
  readonly outcome: string;
  readonly ticketId?: string;
  readonly reason: string;
}

let accounts = 0;

/** A desk as its customers use it who live in their mailbox. Its parts are read when they are used: the desk starts later. */
export const mailbox = (desk: StaffedDesk) => ({
  freshCustomer: async (planId = 'scalix-basic', units = 50, colleagues: readonly string[] = []) => {
    const email = `ann${String((accounts += 1))}@example.com`;
    const contacts = [
      { email, name: 'Ann', role: 'administrator' },
      ...colleagues.map((one) => ({ email: one, name: 'Uwe', role: 'user' })),
    ];
    const customer = await customerOn(desk, planId, { units, contacts });
    const administrator = await desk.as({ role: 'customer', account: customer.accountId, email });
    return { ...customer, email, administrator } satisfies Correspondent;
  },
  available: async ({ accountId }: Customer): Promise<number> =>
    (await desk.manager.get(`/v1/accounts/${accountId}/balance`)).body.available,
  tickets: async ({ accountId }: Customer): Promise<{ ticketId: string }[]> =>
    (await desk.manager.get(`/v1/tickets?accountId=${accountId}`)).body.items,
  /** Sends a mail as its correspondent's own server would, and waits until all that follows has settled. */
  send: async ({ email }: { readonly email: string }, mail: MailParts = {}): Promise<Handled> => {
    const answer = await deliver(desk.manager, { from: `Ann <${email}>`, returnPath: email, ...mail });
    await desk.settled();
    expect(answer.status).toBe(200);
    return answer.body as Handled;
  },
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
