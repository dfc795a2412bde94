/**
 * Whether a subject is that of one of the desk's own letters. The trap: a machine that answers a letter may keep nothing of it but
 * that, and a customer may begin a sentence in the same words, so a title counts only where the subject ends or a sign follows it.
 */
import { TITLES, TITLES_WITH } from '../../mail/titles.ts';
import { plain } from './languages.ts';
import { withoutReplyPrefixes } from './reply.ts';

const GAP = '\u{e000}';

const NUMBER = '\\d{1,9}';
const WORD = '\\p{L}{1,30}';
const TIER = 'ts\\d';

/** What may stand in each title that has something in it. */
const GAPS: Readonly<Record<keyof typeof TITLES_WITH, string>> = {
  newAt: TIER,
  nowAt: TIER,
  unanswered: NUMBER,
  tooFew: WORD,
  willExpire: `${NUMBER} ${WORD}`,
  report: `${WORD} ${NUMBER}`,
};

const escaped = (text: string): string => plain(text).replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const withGaps = (Object.keys(GAPS) as (keyof typeof GAPS)[]).map((name) =>
  escaped(TITLES_WITH[name](GAP)).replace(GAP, GAPS[name]),
);

const TITLE = new RegExp(
  `^\\s*(?:${[...Object.values(TITLES).map(escaped), ...withGaps].join('|')})\\s*(?:$|[:：[(…–—-])`,
  'u',
);

/** Whether a subject, without the prefixes of an answer, is headed like one of the desk's letters. */
export const echoesLetter = (subject: string): boolean => TITLE.test(plain(withoutReplyPrefixes(subject)));
