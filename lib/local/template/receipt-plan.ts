/** The receipt rules of the template: for whom SES takes mail, where it stores it, and which function it wakes. */
import { functionNamed } from './function-plan.ts';
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
