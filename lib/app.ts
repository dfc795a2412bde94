/**
 * The CDK app around the stacks, the same for a deployment and for the template that the local desk reads. The flags stand here
 * and not in cdk.json, which only the command line would read; the two templates must not differ.
 */
import { App, type AppProps } from 'aws-cdk-lib';
import { type DeskConfig, edgeName, stackName } from './config.ts';
import { EdgeStack } from './edge-stack.ts';
import { MakegoodStack } from './makegood-stack.ts';

const FLAGS = {
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
};

export const newApp = (props: AppProps = {}): App =>
  new App({ analyticsReporting: false, ...props, context: { ...FLAGS, ...props.context } });

/** The desk, which is one stack; and, where it has an edge, what that needs in another region, deployed before it. */
export const addStacks = (app: App, config: DeskConfig): void => {
  const desk = new MakegoodStack(app, stackName(config), { config });
  if (config.edge) desk.addStackDependency(new EdgeStack(app, edgeName(config), { config, edge: config.edge }));
};
