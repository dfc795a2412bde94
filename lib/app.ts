/**
 * The CDK app around the stack, the same for a deployment and for the template that the local desk reads. The flags stand here
 * and not in cdk.json, which only the command line would read; the two templates must not differ.
 */
import { App, type AppProps } from 'aws-cdk-lib';

const FLAGS = {
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
};

export const newApp = (props: AppProps = {}): App =>
  new App({ analyticsReporting: false, ...props, context: { ...FLAGS, ...props.context } });
