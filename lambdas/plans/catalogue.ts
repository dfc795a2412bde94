/**
 * The plans on offer, read once from the programme files beside this one and checked against the plan schema: a file that does
 * not fit stops the function from starting. A programme file is data; nothing in it runs.
 */
import { programmeFileSchema, type Plan } from '../domain/plan.ts';
import luxsci from './luxsci.json' with { type: 'json' };
import scalix from './scalix.json' with { type: 'json' };

/** Plans by id, in the order of the files. */
export type Catalogue = ReadonlyMap<string, Plan>;

/** Reads programme files into one catalogue. Throws where a file does not fit the schema or an id appears twice. */
export const readCatalogue = (files: readonly unknown[]): Catalogue => {
  const plans = files.flatMap((file) => programmeFileSchema.parse(file).plans);
  const byId = new Map(plans.map((plan) => [plan.planId, plan]));
  if (byId.size !== plans.length) throw new Error('two plans have the same id');
  return byId;
};

export const catalogue: Catalogue = readCatalogue([scalix, luxsci]);
