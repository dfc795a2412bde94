/** The rules that explanations cite, read once and checked. Data only: a rule's sentence can be reworded without touching code. */
import { ruleBookSchema, type Rule } from '../domain/explanation/rule-book.ts';
import rules from './rule-book.json' with { type: 'json' };

export const ruleBook: readonly Rule[] = ruleBookSchema.parse(rules);
