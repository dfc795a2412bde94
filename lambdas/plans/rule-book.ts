/** The rules that explanations cite; a test checks them. Data only: a rule's sentence can be reworded without touching code. */
import type { Rule } from '../domain/explanation/rule-book.ts';
import rules from './rule-book.json' with { type: 'json' };

export const ruleBook = rules as readonly Rule[];
