/**
 * The plans on offer, read once from the programme files beside this one and from those that a vendor added by configuration. A
 * file that does not fit stops the function from starting. A programme file is data; nothing in it runs.
 */
import * as z from 'zod';
import type { Plan } from '../domain/plan/plan.ts';
import axigen from './axigen.json' with { type: 'json' };
import luxsci from './luxsci.json' with { type: 'json' };
import { readProgrammeFile } from './programme-file.ts';
import scalix from './scalix.json' with { type: 'json' };
import severity from './severity.json' with { type: 'json' };

/** Plans by id, in the order of the files. */
export type Catalogue = ReadonlyMap<string, Plan>;

/** An add-on is spent from the same account as its plan, so both are plans of one programme that count the same unit. */
const checkAddOn = (addOn: Plan, byId: Catalogue): void => {
  for (const planId of addOn.addOnTo ?? []) {
    const plan = byId.get(planId);
    if (plan?.programme !== addOn.programme || plan.unit !== addOn.unit || plan.addOnTo) {
      throw new Error(`${addOn.planId} can't be added to ${planId}`);
    }
  }
};

/** Reads programme files into one catalogue. Throws where a file does not fit or an id appears twice. */
export const readCatalogue = (files: readonly unknown[]): Catalogue => {
  const plans = files.flatMap(readProgrammeFile);
  const byId = new Map(plans.map((plan) => [plan.planId, plan]));
  if (byId.size !== plans.length) throw new Error('two plans have the same id');
  for (const plan of plans) checkAddOn(plan, byId);
  return byId;
};

/** The programme files of this product. */
export const programmeFiles: readonly unknown[] = [scalix, axigen, luxsci, severity];

/** Set when the functions are bundled: the files that the configuration names, as base64 of a JSON list. */
declare const ADDED_PROGRAMMES: string | undefined;

const addedProgrammes = (): readonly unknown[] =>
  typeof ADDED_PROGRAMMES === 'undefined'
    ? []
    : z.array(z.unknown()).parse(JSON.parse(Buffer.from(ADDED_PROGRAMMES, 'base64').toString()));

export const catalogue: Catalogue = readCatalogue([...programmeFiles, ...addedProgrammes()]);

/** The plans of the same programme, its add-ons among them. */
export const programmeOf = (plans: Catalogue, { programme }: Plan): Plan[] =>
  [...plans.values()].filter((plan) => plan.programme === programme);
