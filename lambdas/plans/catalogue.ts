/**
 * The plans on offer, read once from the programme files beside this one and from those that a vendor added by configuration. The files
 * were checked before they came here (`programme.ts`); only what two of them could do to each other still stops a function from starting.
 */
import type { Plan } from '../domain/plan/plan.ts';
import axigen from './axigen.json' with { type: 'json' };
import luxsci from './luxsci.json' with { type: 'json' };
import { plansIn, type ProgrammeFile } from './programme.ts';
import scalix from './scalix.json' with { type: 'json' };
import severity from './severity.json' with { type: 'json' };
import { WithdrawnPlanError } from './withdrawn-plan-error.ts';

/** Plans by id, in the order of the files. */
export type Catalogue = ReadonlyMap<string, Plan>;

/** An add-on is spent from the same account as its plan, so both are plans of one programme that count the same unit. */
const checkAddOn = (addOn: Plan, byId: Catalogue): void => {
  for (const planId of addOn.addOnTo ?? []) {
    const plan = byId.get(planId);
    const why = !plan
      ? 'there is no such plan'
      : plan.addOnTo
        ? 'that is an add-on itself'
        : plan.programme !== addOn.programme
          ? 'that is of another programme'
          : plan.unit !== addOn.unit
            ? 'that counts another unit'
            : undefined;
    if (why !== undefined) throw new Error(`${addOn.planId} can't be added to ${planId}: ${why}`);
  }
};

/** One catalogue of plans. Throws where an id appears twice or an add-on has no plan. */
export const catalogueOf = (plans: readonly Plan[]): Catalogue => {
  const byId = new Map(plans.map((plan) => [plan.planId, plan]));
  const twice = plans.find((plan) => byId.get(plan.planId) !== plan);
  if (twice) throw new Error(`two plans have the same id ${twice.planId}`);
  for (const plan of plans) checkAddOn(plan, byId);
  return byId;
};

/** The programme files of this product. */
export const programmeFiles: readonly ProgrammeFile[] = [scalix, axigen, luxsci, severity];

/** Set when the functions are bundled: the files that the configuration names, as base64 of a JSON list. */
declare const ADDED_PROGRAMMES: string | undefined;

const addedProgrammes = (): readonly ProgrammeFile[] =>
  typeof ADDED_PROGRAMMES === 'undefined'
    ? []
    : (JSON.parse(Buffer.from(ADDED_PROGRAMMES, 'base64').toString()) as ProgrammeFile[]);

/** Set when the functions are bundled, where the configuration offers the plans of its own files alone. */
declare const LEAVES_OUT_PUBLISHED: true | undefined;

const publishedProgrammes = typeof LEAVES_OUT_PUBLISHED === 'undefined' ? programmeFiles : [];

export const catalogue: Catalogue = catalogueOf([...publishedProgrammes, ...addedProgrammes()].flatMap(plansIn));

/** The plan that an account is on. A plan that was withdrawn stays in the catalogue as long as an account is on it. */
export const planOf = (plans: Catalogue, { planId }: { readonly planId: string }): Plan => {
  const plan = plans.get(planId);
  if (!plan) throw new WithdrawnPlanError(planId);
  return plan;
};

/** The add-ons of a plan. */
export const addOnsOf = (plans: Catalogue, { planId }: Plan): Plan[] =>
  [...plans.values()].filter(({ addOnTo }) => addOnTo?.includes(planId));

/** The plans of the same programme, its add-ons among them. */
export const programmeOf = (plans: Catalogue, { programme }: Plan): Plan[] =>
  [...plans.values()].filter((plan) => plan.programme === programme);
