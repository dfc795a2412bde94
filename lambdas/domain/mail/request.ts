/** What a mail asks for beside its text: a priority by the address that it was sent to, or a rating where a ticket is over. */
import type { Priority } from '../vocabulary.ts';

/** `urgent+night@desk.example.com` is sent to `urgent`: what follows the plus is the writer's own. */
const nameOf = (recipient: string): string => recipient.replace(/[+@].*$/s, '');

/**
 * The priority that an address such as `urgent@…` asks for, where the plan has it. Where several are named, it is the one that the
 * plan lists first.
 */
export const priorityFor = (
  recipients: readonly string[],
  priorities: readonly Priority[] = [],
): Priority | undefined => {
  const names = recipients.map(nameOf);
  return priorities.find((priority) => names.includes(priority));
};

const RATING = /^\s*([1-5])(?:\s*\/\s*5)?[ \t.!]*(?:\n|$)/;
const LONGEST_COMMENT = 5000;

/** A rating as the letter about a closed ticket asks for it: a number alone on the first line, and perhaps words below. */
export const ratingIn = (text: string): { score: number; comment?: string } | undefined => {
  const [whole, score] = RATING.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const comment = text.slice(whole.length).trim().slice(0, LONGEST_COMMENT);
  return { score: Number(score), ...(comment !== '' && { comment }) };
};
