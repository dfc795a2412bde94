/**
 * How a programme file becomes plans: a plan says only what is its own, everything else it takes from `common`. Nothing in a file runs.
 * The trap: nothing is checked here, because every cold start comes by. The product's own files are checked by a test, and a vendor's
 * when they are bundled; both by `programme-file.ts`, which shows that what comes out of here is a plan as its schema has it.
 */
import type { Plan } from '../domain/plan/plan.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A programme file that was checked. */
export interface ProgrammeFile {
  /** Fields of every plan that does not have its own. Notes are added to a plan's; of the calendars it gets those it names. */
  readonly common?: Fields;
  readonly plans: readonly Fields[];
}

/** What a plan has none of where neither it nor its programme says so. */
const NONE = { grants: [], severities: [], conditions: [], categories: [], benefits: [] };

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});

const namedCalendars = (targets: unknown, calendars: unknown): Fields => {
  const named = new Set(listOf(targets).map((target) => fieldsOf(target).calendar));
  return Object.fromEntries(Object.entries(fieldsOf(calendars)).filter(([name]) => named.has(name)));
};

/** The plans of a file, whole. */
export const plansIn = ({ common = {}, plans }: ProgrammeFile): Plan[] =>
  plans.map((plan) => {
    const whole: Fields = {
      ...NONE,
      ...common,
      ...plan,
      notes: [...listOf(common.notes), ...listOf(plan.notes)],
      calendars: { ...namedCalendars(plan.targets ?? common.targets, common.calendars), ...fieldsOf(plan.calendars) },
    };
    return whole as unknown as Plan;
  });
