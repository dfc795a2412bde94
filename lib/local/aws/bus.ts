/**
 * The event bus: takes events, and hands each to the functions of every rule whose pattern fits it. It must not know what the
 * events mean. The trap: an event's `time` is the putter's or else the desk's own clock, in whole seconds, as EventBridge gives it.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { DeskClock } from '../clock.ts';
import { ACCOUNT, REGION } from '../template/resolve.ts';
import type { RulePlan } from '../template/eventing.ts';
import { DEFAULT_BUS } from '../template/properties.ts';
import { AwsError } from './aws-error.ts';
import type { JsonService } from './endpoint.ts';

export interface BusOptions {
  readonly busNames: readonly string[];
  readonly rules: readonly RulePlan[];
  readonly clock: DeskClock;
  /** Takes an event for a function, to run it later. */
  readonly accept: (functionArn: string, event: unknown) => void;
}

/** What a service of AWS tells of itself. */
export interface Announcement {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

const entrySchema = z.object({
  EventBusName: z.string().default(DEFAULT_BUS),
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: z.string(),
  Resources: z.array(z.string()).default([]),
  /** Seconds since the epoch, as the SDK sends a date. */
  Time: z.number().optional(),
});
type Entry = z.infer<typeof entrySchema>;
const putEventsSchema = z.object({ Entries: z.array(z.unknown()).min(1).max(10) });

type EntryResult = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

/** The one operation of EventBridge that a function uses. */
export function eventBus(options: BusOptions): JsonService {
  return (operation, input) => {
    if (operation !== 'PutEvents')
      throw new AwsError('UnknownOperationException', `The local bus has no ${operation}.`);
    const request = putEventsSchema.safeParse(input);
    if (!request.success) throw new AwsError('ValidationException', z.prettifyError(request.error));
    const results = request.data.Entries.map((entry) => put(entry, options));
    return Promise.resolve({
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results,
    });
  };
}

/** An entry that is wrong fails alone: the others of the same request go through. */
function put(given: unknown, options: BusOptions): EntryResult {
  const entry = entrySchema.safeParse(given);
  if (!entry.success) return { ErrorCode: 'InvalidArgument', ErrorMessage: z.prettifyError(entry.error) };
  const busName = entry.data.EventBusName.slice(entry.data.EventBusName.lastIndexOf('/') + 1);
  if (!options.busNames.includes(busName)) {
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${busName} does not exist.` };
  }
  const detail = parseDetail(entry.data.Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const event = envelope(entry.data, detail, options.clock.now());
  deliver(event, busName, options);
  return { EventId: event.id };
}

/** Hands an event of AWS itself to whoever listens on the account's own bus. */
export function announce(told: Announcement, options: Omit<BusOptions, 'busNames'>): void {
  const { source, detailType, resources, detail } = told;
  const entry = { Source: source, DetailType: detailType, Resources: [...resources] };
  deliver(envelope(entry, detail, options.clock.now()), DEFAULT_BUS, options);
}

function deliver(event: object, busName: string, { rules, accept }: Pick<BusOptions, 'rules' | 'accept'>): void {
  for (const rule of rules) {
    if (rule.busName !== busName || !rule.matches(event)) continue;
    for (const functionArn of rule.functionArns) accept(functionArn, event);
  }
}

function envelope(entry: Pick<Entry, 'Source' | 'DetailType' | 'Resources' | 'Time'>, detail: object, now: number) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: ACCOUNT,
    time: withoutFraction(entry.Time === undefined ? now : entry.Time * 1000),
    region: REGION,
    resources: entry.Resources,
    detail,
  };
}

/** An instant as AWS writes it where it knows no fractions of a second: `2026-03-02T08:00:00Z`. */
export function withoutFraction(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function parseDetail(detail: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(detail);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
