/**
 * A programme file: the published documents it was read from, what its plans have in common, and the plans. A plan says only
 * what is its own; everything else it takes from `common`. Nothing in a file runs.
 */
import * as z from 'zod';
import { planSchema, type Plan } from '../domain/plan/plan.ts';

type Fields = Readonly<Record<string, unknown>>;

const fieldsSchema = z.record(z.string(), z.unknown());

const fileSchema = z.strictObject({
  /** What each `source` in this file stands for. */
  sources: z.record(z.string(), z.string()),
  /** Fields of every plan that does not have its own. Notes are added to a plan's; of the calendars it gets those it names. */
  common: fieldsSchema.default({}),
  plans: z.array(fieldsSchema).min(1),
});

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const fieldsOf = (value: unknown): Fields => fieldsSchema.safeParse(value).data ?? {};

const namedCalendars = (targets: unknown, calendars: unknown): Fields => {
  const named = new Set(listOf(targets).map((target) => fieldsOf(target).calendar));
  return Object.fromEntries(Object.entries(fieldsOf(calendars)).filter(([name]) => named.has(name)));
};

const whole = (common: Fields, plan: Fields): Fields => ({
  ...common,
  ...plan,
  notes: [...listOf(common.notes), ...listOf(plan.notes)],
  calendars: { ...namedCalendars(plan.targets ?? common.targets, common.calendars), ...fieldsOf(plan.calendars) },
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
  const { sources, common, plans } = fileSchema.parse(file);
  return plans.map((fields) => {
    const plan = planSchema.parse(whole(common, fields));
    checkSources(plan, sources);
    return plan;
  });
};
