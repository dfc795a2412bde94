/**
 * The CDK app. Everything an operator sets comes as context (`npx cdk deploy -c stage=prod`) or from the environment
 * (`MAKEGOOD_STAGE=prod`); `lib/config.ts` lists the keys.
 */
import type { App } from 'aws-cdk-lib';
import { newApp } from '../lib/app.ts';
import { ConfigError, type DeskConfig, readConfig, stackName } from '../lib/config.ts';
import { MakegoodStack } from '../lib/makegood-stack.ts';

const configOrExit = (app: App): DeskConfig => {
  try {
    return readConfig(app.node.getAllContext() as Record<string, unknown>, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
};

const app = newApp();
const config = configOrExit(app);
new MakegoodStack(app, stackName(config), { config });
