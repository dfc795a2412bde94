/**
 * What wakes functions besides requests: stream mappings, bus rules and schedules of the template, with their patterns and
 * expressions already read. It must not know how any of them is run.
 */
import { PatternError, readPattern } from '../pattern.ts';
import type { Matcher } from '../pattern.ts';
import { readSchedule } from '../schedule-expression.ts';
import type { Rhythm } from '../schedule-expression.ts';
import { functionNamed } from './function-plan.ts';
import type { FunctionPlan } from './function-plan.ts';
import * as properties from './properties.ts';
import type { Stack } from './stack.ts';
import type { TablePlan } from './table-plan.ts';
import { TemplateError } from './template-error.ts';

export interface MappingPlan {
  readonly id: string;
  readonly functionArn: string;
  readonly tableName: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly bisectOnError: boolean;
  readonly reportsItemFailures: boolean;
  /** Absent: until the record is too old. */
  readonly maximumRetries?: number;
  /** Absent: never. */
  readonly maximumAgeSeconds?: number;
  readonly deadLetterArn?: string;
  /** Records that don't match are skipped without waking the function. */
  readonly matches: Matcher;
}

export interface RulePlan {
  readonly name: string;
  readonly busName: string;
  readonly matches: Matcher;
  readonly functionArns: readonly string[];
}

export interface SchedulePlan {
  readonly name: string;
  readonly rhythm: Rhythm;
  readonly functionArn: string;
  /** JSON, in which the moment of the firing may stand as `<aws.scheduler.scheduled-time>`. */
  readonly input: string;
}

/** What the readers need to know of the rest of the template. */
interface Surroundings {
  readonly functions: readonly FunctionPlan[];
  readonly tables: readonly TablePlan[];
  isQueue(arn: string): boolean;
}

export interface Eventing {
  readonly mappings: readonly MappingPlan[];
  readonly busNames: readonly string[];
  readonly rules: readonly RulePlan[];
  readonly schedules: readonly SchedulePlan[];
}

export function readEventing(stack: Stack, around: Surroundings): Eventing {
  const own = stack.resources('AWS::Events::EventBus', properties.busProperties).map(({ name }) => name);
  const busNames = [properties.DEFAULT_BUS, ...own];
  return {
    mappings: readMappings(stack, around),
    busNames,
    rules: readRules(stack, around, busNames),
    schedules: readSchedules(stack, around),
  };
}

function readMappings(stack: Stack, around: Surroundings): MappingPlan[] {
  return stack.resources('AWS::Lambda::EventSourceMapping', properties.mappingProperties).map((resource) => {
    const { logicalId, properties: mapping } = resource;
    const table = around.tables.find(({ streamArn }) => streamArn === mapping.EventSourceArn);
    if (table === undefined)
      throw new TemplateError(`The event source mapping ${logicalId} reads no stream of the template's tables.`);
    const deadLetterArn = mapping.DestinationConfig?.OnFailure.Destination;
    if (deadLetterArn !== undefined && !around.isQueue(deadLetterArn)) {
      throw new TemplateError(
        `The event source mapping ${logicalId} sends its dead letters to something that is no queue.`,
      );
    }
    const filters = (mapping.FilterCriteria?.Filters ?? []).map(({ Pattern }) =>
      named(logicalId, () => readPattern(JSON.parse(Pattern))),
    );
    return {
      id: logicalId,
      functionArn: functionNamed(around.functions, mapping.FunctionName, logicalId).arn,
      tableName: table.name,
      streamArn: mapping.EventSourceArn,
      batchSize: mapping.BatchSize,
      bisectOnError: mapping.BisectBatchOnFunctionError,
      reportsItemFailures: mapping.FunctionResponseTypes.length > 0,
      ...(mapping.MaximumRetryAttempts >= 0 && { maximumRetries: mapping.MaximumRetryAttempts }),
      ...(mapping.MaximumRecordAgeInSeconds >= 0 && { maximumAgeSeconds: mapping.MaximumRecordAgeInSeconds }),
      ...(deadLetterArn !== undefined && { deadLetterArn }),
      matches: (record) => filters.length === 0 || filters.some((matches) => matches(record)),
    };
  });
}

function readRules(stack: Stack, around: Surroundings, busNames: readonly string[]): RulePlan[] {
  return stack
    .resources('AWS::Events::Rule', properties.ruleProperties)
    .filter(({ properties: { State } }) => State === 'ENABLED')
    .map(({ logicalId, name, properties: rule }) => {
      const busName = rule.EventBusName.slice(rule.EventBusName.lastIndexOf('/') + 1);
      if (!busNames.includes(busName))
        throw new TemplateError(`The rule ${logicalId} listens to ${busName}, which is no bus of the template.`);
      return {
        name,
        busName,
        matches: named(logicalId, () => readPattern(rule.EventPattern)),
        functionArns: rule.Targets.map(({ Arn }) => functionNamed(around.functions, Arn, logicalId).arn),
      };
    });
}

function readSchedules(stack: Stack, around: Surroundings): SchedulePlan[] {
  return stack
    .resources('AWS::Scheduler::Schedule', properties.scheduleProperties)
    .filter(({ properties: { State } }) => State === 'ENABLED')
    .map(({ logicalId, name, properties: schedule }) => ({
      name,
      rhythm: named(logicalId, () => readSchedule(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone)),
      functionArn: functionNamed(around.functions, schedule.Target.Arn, logicalId).arn,
      input: schedule.Target.Input ?? '{}',
    }));
}

/** Puts the resource's logical id before an error that a reader of patterns or expressions raised. */
function named<T>(logicalId: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof PatternError || cause instanceof RangeError || cause instanceof SyntaxError)) throw cause;
    throw new TemplateError(`${logicalId}: ${cause.message}`, { cause });
  }
}
