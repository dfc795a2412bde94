/** The receipt rules of the template: for whom SES takes mail, where it stores it, and which function it wakes. */
import { ENTRY_METADATA, functionNamed } from './function-plan.ts';
import type { FunctionPlan } from './function-plan.ts';
import * as properties from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

export interface ReceiptRulePlan {
  /** Domains and addresses, in lower case. */
  readonly recipients: readonly string[];
  readonly bucket: string;
  readonly prefix: string;
  readonly functionArn: string;
}

export function readReceiptRules(stack: Stack, functions: readonly FunctionPlan[]): ReceiptRulePlan[] {
  const sets = stack.resources('AWS::SES::ReceiptRuleSet', properties.receiptRuleSetProperties).map(({ ref }) => ref);
  const buckets = stack.resources('AWS::S3::Bucket', properties.bucketProperties).map(({ ref }) => ref);
  return stack
    .resources('AWS::SES::ReceiptRule', properties.receiptRuleProperties)
    .map(({ logicalId, properties: { RuleSetName, Rule } }) => {
      if (!sets.includes(RuleSetName)) throw new TemplateError(`The receipt rule ${logicalId} is in no rule set.`);
      const [{ S3Action: store }, { LambdaAction: wake }] = Rule.Actions;
      if (!buckets.includes(store.BucketName)) {
        throw new TemplateError(`The receipt rule ${logicalId} stores mail in no bucket of the template.`);
      }
      return {
        recipients: Rule.Recipients.map((recipient) => recipient.toLowerCase()),
        bucket: store.BucketName,
        prefix: store.ObjectKeyPrefix,
        functionArn: functionNamed(functions, wake.FunctionArn, logicalId).arn,
      };
    });
}

/** The CDK's own function behind its calls to AWS has an id that begins so. */
const PROVIDER_ID = 'AWS679f53fac002430cb0da5b7982bd2287';

/**
 * The functions that do nothing but make a rule set of the template the active one when it is deployed, by their ARNs: they don't run
 * here. Throws a TemplateError for anything else that a custom resource would do.
 */
export function readActivations(stack: Stack): ReadonlySet<string> {
  const sets = stack.resources('AWS::SES::ReceiptRuleSet', properties.receiptRuleSetProperties).map(({ ref }) => ref);
  const activations = stack.resources('Custom::ActiveReceiptRuleSet', properties.activationProperties);
  const providers = stack
    .resources('AWS::Lambda::Function', properties.functionProperties)
    .filter(({ logicalId, metadata }) => logicalId.startsWith(PROVIDER_ID) && !(ENTRY_METADATA in metadata));
  const arns = new Set(providers.map(({ attributes }) => attributes.Arn ?? ''));
  for (const { logicalId, properties: activation } of activations) {
    const names = [activation.Create, activation.Update].map(({ parameters }) => parameters.RuleSetName);
    if (!names.every((name) => sets.includes(name))) {
      throw new TemplateError(`${logicalId} makes a rule set the active one that is none of the template's.`);
    }
    if (!arns.has(activation.ServiceToken)) {
      throw new TemplateError(`${logicalId} is made by a function that the local desk does not know.`);
    }
  }
  return new Set(activations.map(({ properties: { ServiceToken } }) => ServiceToken));
}
