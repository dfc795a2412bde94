/** What is missing where an account has too few units on hand, and what would make up for it (rules SX-10, SV-01). */
import { availableAt } from '../account/ledger.ts';
import { nextUnitsAt } from '../account/notices.ts';
import type { Settled } from './opening-context.ts';
import type { Plan } from '../plan/plan.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { tellUnits } from '../vocabulary.ts';

/** What to buy: the packs that make up for what is missing, all packs where it takes several, or else the exact amount. */
export const remedies = ({ purchases: { packs } }: Plan, missing: number): { packs?: number[]; amount?: number } => {
  if (!packs) return { amount: missing };
  const enough = packs.filter((pack) => pack >= missing);
  return { packs: enough.length > 0 ? enough : packs };
};

/** The refusal of a charge that the units on hand do not cover, or nothing where they do. */
export const shortOf = ({ account, plan, addOn, now }: Settled, amount: number): Refusal | undefined => {
  const available = availableAt(account.lots, now, addOn);
  const missing = amount - available;
  if (missing <= 0) return undefined;
  const nextAt = nextUnitsAt(account, plan);
  const next = nextAt === undefined ? '' : ` The next allowance is there from ${nextAt}.`;
  const sentence = `This ticket costs ${tellUnits(amount, plan.unit)}; ${String(available)} on hand, ${String(missing)} missing.${next}`;
  const facts = {
    ...{ unit: plan.unit, required: amount, available, missing },
    ...remedies(plan, missing),
    ...(nextAt !== undefined && { availableAt: nextAt }),
  };
  return refuse('insufficient-credit', sentence, facts).refusal;
};
