/**
 * A letter before it is sent: to whom, about what, in which words. Every letter of the desk is made here and becomes a message in
 * `message.ts`. It knows no plan and no record.
 */
import { type Block, paragraphs } from './body.ts';

/** The header in which each letter says what it is about: by it the desk knows its own letters, and what became of which. */
export const CAUSE_HEADER = 'X-Makegood-Cause';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  /** The heading above the HTML form; the subject where absent. */
  readonly title?: string;
  readonly body: readonly Block[];
  /** The ticket that it is about: an answer to it is an answer to the ticket. */
  readonly ticketId?: string;
  /** The id of the mail that it answers, without its brackets. */
  readonly inReplyTo?: string;
  /** Tells what people did, or that a promise is late or was missed: a flood of other letters does not keep it back. */
  readonly important?: true;
  /** The account whose own people did what it tells the vendor's: of such letters only so many go out. */
  readonly doneBy?: string;
  /** In whose name it is sent; answers go to that address. Absent: the desk's own. */
  readonly from?: { readonly name: string; readonly email: string };
  readonly attachment?: { readonly filename: string; readonly contentType: string; readonly content: string };
}

/** What a letter is made of. Without a reader's name it begins without a greeting, as letters to a group do. */
export interface Draft extends Omit<Letter, 'to' | 'subject' | 'title'> {
  readonly reader: { readonly email: string; readonly name?: string };
  /** What happened, in a few words: the heading, and the beginning of the subject. */
  readonly title: string;
  /** What it is about, for the subject; a ticket adds its id. */
  readonly about?: string;
  /** Who writes, and what it concerns. */
  readonly signature: string;
}

const subjectOf = ({ title, about, ticketId }: Draft): string =>
  [about === undefined ? title : `${title}: ${about}`, ...(ticketId === undefined ? [] : [`[${ticketId}]`])].join(' ');

/** The one way a letter is made, whoever it is for. */
export const writeLetter = (draft: Draft): Letter => {
  const { reader, title, about: _about, signature, body, ...more } = draft;
  const greeting = reader.name === undefined ? undefined : `Hello ${reader.name},`;
  return {
    ...more,
    to: reader.email,
    subject: subjectOf(draft),
    title,
    body: paragraphs(greeting, ...body, signature),
  };
};
