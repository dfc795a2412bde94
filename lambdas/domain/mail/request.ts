/**
 * What a mail asks for beside its text: a priority, an add-on or a call by the address that it was sent to, or a rating where a ticket
 * is over.
 */
import type { Plan } from '../plan/plan.ts';
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

/**
 * The plan id of the add-on that an address such as `axigen-gold@…` names. Where several are named, it is one that goes with the plan;
 * one that does not is named all the same, because its writer would not want another.
 */
export const addOnFor = (recipients: readonly string[], plans: Iterable<Plan>, planId?: string): string | undefined => {
  const names = recipients.map(nameOf);
  const named = [...plans].filter((plan) => plan.addOnTo && names.includes(plan.planId));
  return (named.find(({ addOnTo }) => planId !== undefined && addOnTo?.includes(planId)) ?? named[0])?.planId;
};

/** Whether it was sent to `callback@…`: its writer wants to be called. */
export const asksForCall = (recipients: readonly string[]): boolean => recipients.map(nameOf).includes('callback');

const RATING = /^\s*([1-5])(?:\s*\/\s*5)?[ \t.!]*(?:\n|$)/;
const LONGEST_COMMENT = 5000;

/** A rating as the letter about a closed ticket asks for it: a number alone on the first line, and perhaps words below. */
export const ratingIn = (text: string): { score: number; comment?: string } | undefined => {
  const [whole, score] = RATING.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const comment = text.slice(whole.length).trim().slice(0, LONGEST_COMMENT);
  return { score: Number(score), ...(comment !== '' && { comment }) };
};
