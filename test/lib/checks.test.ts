/** The packaged checks: CloudFormation's own schema rules and the AWS Solutions pack, over each shape that the stacks can take. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, it } from 'vitest';
import { addStacks, newApp } from '../../lib/app.ts';
import { readConfig } from '../../lib/config.ts';
import { WITH_EDGE, WITH_INBOUND, WITH_ISSUER, WITH_MAIL, WITH_NAMED_EDGE } from './support.ts';

/** Loading the rules takes seconds, on a busy machine many. */
const SLOW = 60_000;

const outdir = mkdtempSync(join(tmpdir(), 'makegood-checks-'));
afterAll(() => {
  rmSync(outdir, { recursive: true, force: true });
});

const checkedApp = (name: string): App => {
  const app = newApp({
    outdir: join(outdir, name),
    context: { 'aws:cdk:bundling-stacks': [], '@aws-cdk/core:strictCfnValidateErrors': true },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
};

describe('the checks', () => {
  it.each([
    ['a first deployment', {}],
    ['production with mail', { ...WITH_MAIL, stage: 'prod', alarmEmail: 'ops@example.com' }],
    ["a domain's mail", { ...WITH_MAIL, senderIdentity: 'domain' }],
    ['mail that comes in', { ...WITH_MAIL, ...WITH_INBOUND }],
    [
      'what an account has already',
      { ...WITH_MAIL, ...WITH_INBOUND, senderIdentity: 'existing', mailRuleSet: 'prepared' },
    ],
    ['an edge', { ...WITH_EDGE, stage: 'prod' }],
    ['an edge at a name of its own', WITH_NAMED_EDGE],
    ['another issuer, and browsers', { ...WITH_ISSUER, corsOrigins: 'https://desk.example.com' }],
  ])(
    'find nothing in %s',
    (name, context) => {
      const app = checkedApp(name.replaceAll(/\W/g, '-'));
      addStacks(app, readConfig(context, {}));
      expect(() => app.synth()).not.toThrow();
    },
    SLOW,
  );

  it(
    'do find what is wrong',
    () => {
      const app = checkedApp('wrong');
      new Queue(new Stack(app, 'Wrong'), 'Queue');
      expect(() => app.synth()).toThrow(/AwsSolutions-SQS/);
    },
    SLOW,
  );
});
