/**
 * The functions of the template: where their code starts, what they may see of the world, how long they may take, and what
 * becomes of an asynchronous event that they keep failing. It must not know how code is bundled or run.
 */
import * as z from 'zod';
import { eventInvokeConfigProperties, functionProperties } from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

/** The metadata by which the stack tells where a function's code starts, from the project's root. */
export const ENTRY_METADATA = 'makegood:entry';
const metadataSchema = z.looseObject({ [ENTRY_METADATA]: z.string() });

/** What Lambda does with an asynchronous event that the function failed. */
export interface AsyncPlan {
  readonly maximumRetries: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn?: string;
}

export interface FunctionPlan {
  readonly name: string;
  readonly arn: string;
  /** Path of the module from the project's root. */
  readonly entry: string;
  /** Name of the module's export. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Lambda tells it to the function, whose logger may follow it. */
  readonly applicationLogLevel?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly asynchronous: AsyncPlan;
}

/** Lambda's own figures, where the stack says nothing. */
const DEFAULT_RETRIES = 2;
const DEFAULT_MAXIMUM_AGE_SECONDS = 21_600;

export interface FunctionReading {
  readonly isQueue: (arn: string) => boolean;
  /** Functions that AWS alone runs, when it deploys. */
  readonly isForDeployment: (arn: string) => boolean;
}

export function readFunctions(stack: Stack, { isQueue, isForDeployment }: FunctionReading): FunctionPlan[] {
  const configs = stack.resources('AWS::Lambda::EventInvokeConfig', eventInvokeConfigProperties);
  const functions = stack.resources('AWS::Lambda::Function', functionProperties);
  const run = functions.filter(({ attributes }) => !isForDeployment(attributes.Arn ?? ''));
  return run.map((resource) => {
    const { logicalId, name, attributes, properties, metadata } = resource;
    const entry = metadataSchema.safeParse(metadata);
    if (!entry.success) {
      throw new TemplateError(
        `The function ${logicalId} has no "${ENTRY_METADATA}" metadata that says where its code is.`,
      );
    }
    const config = configs.find((each) => each.properties.FunctionName === name)?.properties;
    const deadLetterArn = config?.DestinationConfig?.OnFailure?.Destination ?? properties.DeadLetterConfig?.TargetArn;
    if (deadLetterArn !== undefined && !isQueue(deadLetterArn)) {
      throw new TemplateError(`The function ${logicalId} sends its dead letters to something that is no queue.`);
    }
    const { ApplicationLogLevel: applicationLogLevel } = properties.LoggingConfig ?? {};
    return {
      name,
      arn: attributes.Arn ?? '',
      entry: entry.data[ENTRY_METADATA],
      handler: properties.Handler.slice(properties.Handler.lastIndexOf('.') + 1),
      timeoutSeconds: properties.Timeout,
      memoryMegabytes: properties.MemorySize,
      ...(applicationLogLevel !== undefined && { applicationLogLevel }),
      environment: properties.Environment?.Variables ?? {},
      asynchronous: {
        maximumRetries: config?.MaximumRetryAttempts ?? DEFAULT_RETRIES,
        maximumAgeSeconds: config?.MaximumEventAgeInSeconds ?? DEFAULT_MAXIMUM_AGE_SECONDS,
        ...(deadLetterArn !== undefined && { deadLetterArn }),
      },
    };
  });
}

/** The function that a name or an ARN means. Throws a TemplateError when it is none of the template's. */
export function functionNamed(functions: readonly FunctionPlan[], reference: string, user: string): FunctionPlan {
  const found = functions.find(({ name, arn }) => name === reference || arn === reference);
  if (found === undefined)
    throw new TemplateError(`${user} points to ${reference}, which is no function of the template.`);
  return found;
}
