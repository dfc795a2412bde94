/**
 * What the local desk builds from a template: the resources it runs, joined to each other and in plain values. It owns the
 * reading of the whole template and must not start anything. The trap: everything that could be wrong with a template is to be
 * found here, before an engine or a server runs.
 */
import * as z from 'zod';
import { readEventing } from './eventing.ts';
import type { MappingPlan, RulePlan, SchedulePlan } from './eventing.ts';
import { readFunctions } from './function-plan.ts';
import { readMailEvents, readSubscriptions } from './mail-events-plan.ts';
import type { MailEventsPlan, SubscriptionPlan } from './mail-events-plan.ts';
import { readActivations, readReceiptRules } from './receipt-plan.ts';
import type { ReceiptRulePlan } from './receipt-plan.ts';
import type { FunctionPlan } from './function-plan.ts';
import { readSecrets } from './late-values.ts';
import type { SecretPlan } from './late-values.ts';
import * as properties from './properties.ts';
import { readRoutes } from './route-plan.ts';
import type { RoutePlan } from './route-plan.ts';
import { Stack } from './stack.ts';
import { readTables } from './table-plan.ts';
import type { TablePlan } from './table-plan.ts';
import { TemplateError } from './template-error.ts';

export interface StateMachinePlan {
  readonly arn: string;
  readonly name: string;
  /** The definition, as the template's string parsed; the runner judges what is in it. */
  readonly definition: object;
}

export interface Blueprint {
  readonly tables: readonly TablePlan[];
  readonly functions: readonly FunctionPlan[];
  readonly routes: readonly RoutePlan[];
  readonly mappings: readonly MappingPlan[];
  readonly busNames: readonly string[];
  readonly rules: readonly RulePlan[];
  readonly schedules: readonly SchedulePlan[];
  readonly stateMachines: readonly StateMachinePlan[];
  readonly receiptRules: readonly ReceiptRulePlan[];
  readonly buckets: readonly string[];
  readonly subscriptions: readonly SubscriptionPlan[];
  readonly mailEvents: readonly MailEventsPlan[];
  readonly secrets: readonly SecretPlan[];
  /** What the stack tells of itself, as far as it is text here. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reads a CloudFormation template. Throws a TemplateError that names whatever the local desk can't run. */
export function readTemplate(template: unknown): Blueprint {
  const stack = new Stack(template);
  const queueArns = new Set(
    stack.resources('AWS::SQS::Queue', properties.queueProperties).map(({ attributes }) => attributes.Arn),
  );
  const activations = readActivations(stack);
  const functions = readFunctions(stack, {
    isQueue: (arn) => queueArns.has(arn),
    isForDeployment: (arn) => activations.has(arn),
  });
  const tables = readTables(stack);
  return {
    tables,
    functions,
    routes: readRoutes(stack, functions),
    ...readEventing(stack, { functions, tables, isQueue: (arn) => queueArns.has(arn) }),
    stateMachines: readStateMachines(stack),
    receiptRules: readReceiptRules(stack, functions),
    subscriptions: readSubscriptions(stack, { functions, isQueue: (arn) => queueArns.has(arn) }),
    mailEvents: readMailEvents(stack),
    secrets: readSecrets(stack, functions),
    outputs: stack.outputs(),
    buckets: stack.resources('AWS::S3::Bucket', properties.bucketProperties).map(({ ref }) => ref),
  };
}

function readStateMachines(stack: Stack): StateMachinePlan[] {
  return stack
    .resources('AWS::StepFunctions::StateMachine', properties.stateMachineProperties)
    .map(({ ref, name, logicalId, properties: { DefinitionString } }) => ({
      arn: ref,
      name,
      definition: parseDefinition(DefinitionString, logicalId),
    }));
}

function parseDefinition(definition: string, logicalId: string): object {
  const parsed = z.string().transform(toJson).pipe(z.record(z.string(), z.unknown())).safeParse(definition);
  if (parsed.success) return parsed.data;
  throw new TemplateError(`The definition of the state machine ${logicalId} is not a JSON object.`);
}

function toJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('not JSON');
    return z.NEVER;
  }
}
