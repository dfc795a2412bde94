/**
 * The CDK app. Everything an operator sets comes as context (`npx cdk deploy -c stage=prod`) or from the environment
 * (`MAKEGOOD_STAGE=prod`); `lib/settings.ts` lists the keys.
 */
import { addStacks, newApp } from '../lib/app.ts';
import { readConfig } from '../lib/config.ts';
import { ConfigError } from '../lib/settings.ts';

/** What an operator set wrongly is theirs to read, programme files among it; anything else is a fault of the app and keeps its stack. */
const orExit = <Built>(build: () => Built): Built => {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
};

const app = newApp();
orExit(() => {
  addStacks(app, readConfig(app.node.getAllContext() as Record<string, unknown>, process.env));
});
