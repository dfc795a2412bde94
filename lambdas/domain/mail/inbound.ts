/**
 * What becomes of a mail that came in, before any rule of a plan is asked: whether it may act at all, and for whom (rule EV-10).
 * It knows verdicts, headers and contacts, never a message's text. The trap: a From address is what the writer says; only what the
 * receiving server proved about its domain makes it the contact's.
 */
import * as z from 'zod';

/** What the receiving server found. `unknown` is everything but an answer: a check that failed, or did not run. */
const verdictSchema = z.enum(['pass', 'fail', 'gray', 'unknown']);
export type Verdict = z.infer<typeof verdictSchema>;

export const verdictsSchema = z.strictObject({
  spf: verdictSchema,
  dkim: verdictSchema,
  dmarc: verdictSchema,
  spam: verdictSchema,
  virus: verdictSchema,
  /** What the owner of the sender's domain asks to be done with a mail that fails DMARC. */
  dmarcPolicy: z.enum(['none', 'quarantine', 'reject']).optional(),
});
export type Verdicts = z.infer<typeof verdictsSchema>;

/** A mail, as far as the decision about it needs it. Addresses and domains are in lower case. */
export interface ReceivedMail {
  readonly verdicts: Verdicts;
  /** The sender of the envelope; empty for the null return path. */
  readonly returnPath: string;
  /** The addresses in its From headers; a mailbox that can't be read stands as an empty text. */
  readonly authors: readonly string[];
  /** The domains that its DKIM signatures name, proven or not. */
  readonly signers: readonly string[];
  readonly marks: AutomaticMarks;
  /** Whether its author's address is one that the desk itself writes from. */
  readonly isFromUs?: boolean;
}

/** What machines write about themselves; the words of every such header, because one is enough. */
export interface AutomaticMarks {
  readonly autoSubmitted: readonly string[];
  readonly precedence: readonly string[];
  readonly isFromList: boolean;
  readonly isReport: boolean;
  /** A calendar wrote it: somebody accepts or declines an invitation, or asks for another time. */
  readonly isCalendarAnswer: boolean;
  /** It is a sign that somebody set under another mail (RFC 9078), and no words. */
  readonly isReaction: boolean;
  /** The desk wrote it. */
  readonly isOurs: boolean;
  /** Its subject says that its writer is away, or that nobody wrote it. */
  readonly isOutOfOffice: boolean;
}

export type Stop = 'ignored' | 'quarantined' | 'refused';

/** A mail that does nothing: a code for records and metrics, and a sentence for people. */
export interface Stopped {
  readonly outcome: Stop;
  readonly code: string;
  readonly reason: string;
}

/** A mail whose writer is proven to be who it says. */
export interface Proven {
  readonly outcome: 'proven';
  readonly sender: string;
}

export const stop = (outcome: Stop, code: string, reason: string): Stopped => ({ outcome, code, reason });

const dangerous = ({ virus, spam, dmarc, dmarcPolicy }: Verdicts): Stopped | undefined => {
  if (virus === 'fail') return stop('refused', 'virus', 'A virus was found in the mail.');
  if (spam === 'fail') return stop('refused', 'spam', 'The mail was found to be spam.');
  if (dmarc === 'fail' && dmarcPolicy === 'reject') {
    return stop('refused', 'dmarc-reject', 'The mail fails DMARC, and its domain asks to refuse such mail.');
  }
  return undefined;
};

/**
 * Whatever is not a clear answer waits for a person. `GRAY` of a scan says that the scanner could not tell, which is no better than a
 * scan that did not run; `GRAY` of SPF, DKIM or DMARC says that the domain has published nothing, which proves nothing and breaks
 * nothing, so the other checks decide.
 */
const doubtful = ({ virus, spam, spf, dkim, dmarc }: Verdicts): Stopped | undefined => {
  if (dmarc === 'fail')
    return stop('quarantined', 'dmarc-fail', 'The mail fails DMARC: somebody else may have sent it.');
  if (spf !== 'pass' && dkim !== 'pass') {
    return stop('quarantined', 'unauthenticated', 'Neither SPF nor DKIM says who sent the mail.');
  }
  if (virus !== 'pass' || spam !== 'pass') {
    return stop('quarantined', 'not-scanned', 'The scan for viruses and spam gave no answer.');
  }
  if (dmarc === 'unknown') return stop('quarantined', 'not-checked', 'DMARC was not checked.');
  return undefined;
};

/** What the verdicts alone decide: such a mail is not even read. */
export const judge = (verdicts: Verdicts): Stopped | undefined => dangerous(verdicts) ?? doubtful(verdicts);

const BULK = ['bulk', 'list', 'junk'];
const AUTOMATIC_ANSWERS = ['auto_reply', 'auto-reply', 'autoreply'];
const MACHINES = ['mailer-daemon', 'postmaster'];

const localPart = (address: string): string => address.slice(0, address.lastIndexOf('@'));
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const automatic = ({ returnPath, marks, isFromUs }: ReceivedMail): Stopped | undefined => {
  const ignored = (code: string, reason: string) => stop('ignored', code, reason);
  if (marks.isOurs || isFromUs === true) return ignored('own-mail', 'The desk wrote the mail itself.');
  if (marks.isReport) return ignored('report', 'The mail is a report of a mail server.');
  if (marks.isCalendarAnswer) return ignored('calendar-answer', 'The mail is a calendar’s answer to an invitation.');
  if (marks.isReaction) return ignored('reaction', 'The mail is a sign under another mail, without words.');
  if (returnPath === '' || MACHINES.includes(localPart(returnPath))) {
    return ignored('null-return-path', 'The mail has no return path: a machine wrote it.');
  }
  const isAnswer = marks.precedence.some((word) => AUTOMATIC_ANSWERS.includes(word));
  if (isAnswer || marks.autoSubmitted.some((word) => word !== 'no')) {
    return ignored('auto-submitted', 'The mail says that it was sent automatically.');
  }
  if (marks.isOutOfOffice) return ignored('out-of-office', 'The mail is a notice that its writer is away.');
  if (marks.isFromList || marks.precedence.some((word) => BULK.includes(word))) {
    return ignored('bulk', 'The mail was sent to a list or in bulk.');
  }
  return undefined;
};

/**
 * Whether something proves the author's own domain. A pass of SPF is about the envelope's domain and a pass of DKIM about a signer's,
 * which may be anybody's: they count for the domain that they are about. Where a mail names several signers, which of them was
 * proven is not told, so all of them have to be the author's.
 */
const isProven = (author: string, { verdicts, returnPath, signers }: ReceivedMail): boolean => {
  if (verdicts.dmarc === 'pass') return true;
  const domain = domainOf(author);
  const bySpf = verdicts.spf === 'pass' && domainOf(returnPath) === domain;
  const byDkim = verdicts.dkim === 'pass' && signers.length > 0 && signers.every((signer) => signer === domain);
  return bySpf || byDkim;
};

/**
 * Judges a mail by itself: it does nothing, or its writer is proven. `vouched`: a manager has looked at it and answers for its writer,
 * so the verdicts count no more; what a machine wrote stays what it is.
 */
export const screen = (mail: ReceivedMail, vouched = false): Stopped | Proven => {
  const stopped = (vouched ? undefined : judge(mail.verdicts)) ?? automatic(mail);
  if (stopped) return stopped;
  const [author = '', ...others] = mail.authors;
  if (others.length > 0) return stop('refused', 'several-authors', 'The mail names several writers; it must name one.');
  if (author === '') return stop('refused', 'no-author', 'The mail names no writer who could be answered.');
  if (vouched || isProven(author, mail)) return { outcome: 'proven', sender: author };
  return stop(
    'quarantined',
    'not-aligned',
    'What was proven about the mail is about another domain than its writer’s.',
  );
};

const ADDRESS = /^[^\s@<>"(),:;\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?$/;
/** Whether a text is one plain address, in whatever case. */
export const isAddress = (text: string): boolean => ADDRESS.test(text.toLowerCase());

const LONGEST_HEADER = 10_000;

/** What a mailbox names: the part in angle brackets, or all of it; empty where that is no plain address. */
const addressIn = (mailbox: string): string => {
  const bracketed = /^[^<>]*<([^<>]*)>$/.exec(mailbox);
  const address = (bracketed?.[1] ?? mailbox).trim().toLowerCase();
  return ADDRESS.test(address) ? address : '';
};

const UNREADABLE = [''];
const QUOTED = /"(?:[^"\\]|\\.)*"/gs;
const COMMENT = /\((?:[^()\\]|\\.)*\)/gs;

/**
 * The addresses of a From header, as it was sent. Readers disagree on odd headers, and somebody may make use of that: what is not a
 * plain address counts as one that can't be read, and so does a header in which quotes or comments hide a bracket, unless all of it has
 * one `@`: then there is one address to be read, whoever reads it.
 */
export const authorsIn = (header: string): string[] => {
  if (header.length > LONGEST_HEADER) return UNREADABLE;
  const asides = [...(header.match(QUOTED) ?? []), ...(header.replaceAll(QUOTED, '').match(COMMENT) ?? [])];
  const plain = header.replaceAll(QUOTED, '').replaceAll(COMMENT, ' ');
  const hidesBracket = asides.some((aside) => /[<>]/.test(aside)) && header.split('@').length > 2;
  if (/["()]/.test(plain) || hidesBracket) return UNREADABLE;
  return plain
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part.includes('@'))
    .map(addressIn);
};
