/**
 * What makes a programme file valid: the published documents it was read from, what its plans have in common, and the plans, each whole.
 * It must not be part of a function: it is for tests and for bundling.
 */
import * as z from 'zod';
import { planSchema, type Plan } from '../domain/plan/plan.ts';
import { catalogueOf, type Catalogue } from './catalogue.ts';
import { plansIn } from './programme.ts';

const fieldsSchema = z.record(z.string(), z.unknown());

const fileSchema = z.strictObject({
  /** What each `source` in this file stands for. */
  sources: z.record(z.string(), z.string()),
  common: fieldsSchema.default({}),
  plans: z.array(fieldsSchema).min(1),
});

/** Every `source` that is named anywhere in a plan. */
const sourcesIn = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(sourcesIn)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) =>
          key === 'source' && typeof inner === 'string' ? [inner] : sourcesIn(inner),
        )
      : [];

const checkSources = (plan: Plan, known: Readonly<Record<string, string>>): void => {
  const unknown = sourcesIn(plan).find((source) => !(source in known));
  if (unknown !== undefined) throw new Error(`${plan.planId}: the file names no source ${unknown}`);
};

/** The plans of a file. Throws where the file or a plan does not fit its schema, or a figure's source is not named. */
export const readProgrammeFile = (file: unknown): Plan[] => {
  const { sources, ...rest } = fileSchema.parse(file);
  return plansIn(rest).map((whole) => {
    const plan = planSchema.parse(whole);
    checkSources(plan, sources);
    return plan;
  });
};

/** One catalogue of files. Throws where one does not fit, an id appears twice, or an add-on has no plan. */
export const readCatalogue = (files: readonly unknown[]): Catalogue => catalogueOf(files.flatMap(readProgrammeFile));
