/**
 * What makes a programme file valid: the published documents it was read from, what its plans have in common, and the plans, each whole.
 * Whatever is wrong is told at once, each with its place in the file and what would be right there. It must not be part of a function:
 * it is for tests and for bundling.
 */
import * as z from 'zod';
import { planSchema, type Plan } from '../domain/plan/plan.ts';
import { catalogueOf, type Catalogue } from './catalogue.ts';
import { planComplaints } from './check-plan.ts';
import type { Complaint } from './complaint.ts';
import { plansIn } from './programme.ts';

const fieldsSchema = z.record(z.string(), z.unknown());

const fileSchema = z.strictObject({
  /** What each `source` in this file stands for. */
  sources: z.record(z.string(), z.string()),
  common: fieldsSchema.default({}),
  plans: z.array(fieldsSchema).min(1),
});
type File = z.infer<typeof fileSchema>;

/** A programme file that can't be used; each of `complaints` is a line that names a place. */
export class ProgrammeFileError extends Error {
  override readonly name = 'ProgrammeFileError';
  readonly complaints: readonly string[];
  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.complaints = complaints;
  }
}

/** Every `source` that is named anywhere in a plan, with its place. */
const sourcesIn = (
  value: unknown,
  path: readonly PropertyKey[] = [],
): { path: readonly PropertyKey[]; source: string }[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
        key === 'source' && typeof inner === 'string'
          ? [{ path: [...path, key], source: inner }]
          : sourcesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    : [];

const sourceComplaints = (plan: Plan, sources: File['sources']): Complaint[] =>
  sourcesIn(plan)
    .filter(({ source }) => !Object.hasOwn(sources, source))
    .map(({ path }) => ({ path, message: 'is not among the `sources` of the file' }));

/** Where nothing stands, the name of the place says what should, but for one of several words. */
const messageOf = ({ code, input, message }: z.core.$ZodIssue): string => {
  if (input !== undefined || code === 'custom') return message;
  return code === 'invalid_value' ? message.replace('Invalid option:', 'is missing:') : 'is missing';
};

const complaintsOf = ({ issues }: z.ZodError): Complaint[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such field' }))
      : [{ path: issue.path, message: messageOf(issue) }],
  );

/** What is complained of is told with what stands there. */
const TELLING = { reportInput: true } as const;

/** What stands at a place, where it is one word or figure. */
const valueAt = (whole: unknown, path: readonly PropertyKey[]): string => {
  const value = path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    whole,
  );
  return ['string', 'number', 'boolean'].includes(typeof value)
    ? ` (${JSON.stringify(value).slice(0, LONGEST_VALUE)})`
    : '';
};
const LONGEST_VALUE = 60;

const written = (path: readonly PropertyKey[]): string =>
  path.map((key) => (typeof key === 'number' ? `[${String(key)}]` : `.${String(key)}`)).join('');

const has = (fields: unknown, key: PropertyKey | undefined): boolean =>
  typeof fields === 'object' && fields !== null && key !== undefined && Object.hasOwn(fields, key);

/** Whether a plan has what stands at this place from `common`. */
const isShared = ({ common, plans }: File, at: number, [field, name]: readonly PropertyKey[]): boolean =>
  field === 'calendars'
    ? has(common.calendars, name) && !has(plans[at]?.calendars, name)
    : has(common, field) && !has(plans[at], field);

const holderOf = (file: File, at: number, path: readonly PropertyKey[]): string => {
  const planId = file.plans[at]?.planId;
  if (isShared(file, at, path)) return 'common';
  return typeof planId === 'string' ? `plan ${planId}` : `plans[${String(at)}]`;
};

const inWords = (file: File, at: number, whole: unknown, { path, message }: Complaint): string =>
  `${holderOf(file, at, path)}: ${written(path).slice(1)}${valueAt(whole, path)}: ${message}`;

/** A figure that plans share is idle where it is so in each of them. */
const isRead = (file: File, { path, idle }: Complaint, all: readonly (readonly Complaint[])[]): boolean =>
  idle === true &&
  all.some(
    (others, at) =>
      isShared(file, at, path) && !others.some((other) => other.idle === true && written(other.path) === written(path)),
  );

/** @throws ProgrammeFileError where the file or a plan does not fit its schema, contradicts itself, or names no source of a figure. */
export const readProgrammeFile = (input: unknown): Plan[] => {
  const file = fileSchema.safeParse(input, TELLING);
  if (!file.success) {
    throw new ProgrammeFileError(
      complaintsOf(file.error).map(({ path, message }) => `${written(path).slice(1) || 'the file'}: ${message}`),
    );
  }
  const { sources, common, plans } = file.data;
  const wholes = plansIn({ common, plans });
  const read = wholes.map((whole) => planSchema.safeParse(whole, TELLING));
  const all = read.map(({ data, error }) =>
    data ? [...planComplaints(data), ...sourceComplaints(data, sources)] : complaintsOf(error),
  );
  // What stands in `common` is wrong in every plan that has it from there.
  const complaints = new Set(
    all.flatMap((own, at) =>
      own
        .filter((one) => !isShared(file.data, at, one.path) || !isRead(file.data, one, all))
        .map((one) => inWords(file.data, at, wholes[at], one)),
    ),
  );
  if (complaints.size > 0) throw new ProgrammeFileError([...complaints]);
  return read.flatMap(({ data }) => data ?? []);
};

/** One catalogue of files. Throws where one does not fit, an id appears twice, or an add-on has no plan. */
export const readCatalogue = (files: readonly unknown[]): Catalogue => catalogueOf(files.flatMap(readProgrammeFile));
