/**
 * What a stage changes, and nothing else: the same desk with and without `stage=prod`, property by property. And what either costs unused.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { edgeTemplateFor, oneOf, someOf, templateFor, WITH_EDGE, WITH_INBOUND, WITH_MAIL } from './support.ts';

const ALL = { ...WITH_MAIL, ...WITH_INBOUND };
const dev = templateFor(ALL);
const prod = templateFor({ ...ALL, stage: 'prod' });
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** A stage's own name, and what CDK derives from it, is no difference; nor is the key of a bundle, which is not made here. */
const named = (template: typeof dev, stage: string) => {
  const text = JSON.stringify(template.Resources).replaceAll(stage, 'STAGE');
  const plain = text
    .replaceAll(/\w*STAGE\w*/g, (word) => word.replaceAll(/[0-9A-F]{8}/g, ''))
    .replaceAll(/"S3Key":"[^"]+"/g, '"S3Key":""');
  return JSON.parse(plain) as typeof dev.Resources;
};
const [devResources, prodResources] = [named(dev, 'dev'), named(prod, 'prod')];

const flat = (value: object): Record<string, string> =>
  Object.fromEntries(Object.entries(value).map(([key, own]) => [key, JSON.stringify(own)]));

/** `Type.Property: before -> after` of each resource that both have. */
const differences = (): string[] => {
  return Object.entries(devResources).flatMap(([id, resource]) => {
    const twin = prodResources[id];
    if (!twin) return [`${resource.Type} is missing`];
    const [from, to] = [resource, twin].map(({ Properties = {}, ...rest }) => flat({ ...Properties, ...rest }));
    return Object.keys({ ...from, ...to })
      .filter((key) => from![key] !== to![key])
      .map(
        (key) => `${resource.Type.split('::').slice(1).join(' ')} ${key}: ${String(from![key])} -> ${String(to![key])}`,
      );
  });
};

describe('the stage prod', () => {
  it('keeps and protects what another stage removes, keeps logs for longer, and is the same in all else', () => {
    const kept = ['DeletionPolicy: "Delete" -> "Retain"', 'UpdateReplacePolicy: "Delete" -> "Retain"'];
    expect([...new Set(differences())].toSorted()).toEqual(
      [
        'Cognito UserPool DeletionProtection: "INACTIVE" -> "ACTIVE"',
        'DynamoDB Table DeletionProtectionEnabled: false -> true',
        ...['Cognito UserPool', 'DynamoDB Table', 'SecretsManager Secret'].flatMap((type) =>
          kept.map((policy) => `${type} ${policy}`),
        ),
        'Logs LogGroup RetentionInDays: 14 -> 180',
      ].toSorted(),
    );
  });

  it('adds the alarms and the dashboard, and nothing else', () => {
    const added = Object.entries(prodResources).filter(([id]) => !(id in devResources));
    const types = new Set(added.map(([, { Type }]) => Type));
    expect([...types].toSorted()).toEqual(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard']);
  });
});

/** List prices of us-east-1 in November 2026, in dollars a month. The free tiers of a new account are left out. */
const PRICES = { alarmedMetric: 0.1, dashboard: 3, metric: 0.3, secret: 0.4, key: 1, webAcl: 5, webAclRule: 1 };
/**
 * The sweep runs 12 times an hour. Each is a call of the scheduler ($1.00 a million), of a function ($0.20 a million and $0.0000133334 for
 * each GB and second: half a GB, a second at the most), a trace ($5.00 a million), eight half read units ($0.125 a million) and 2 kB
 * of log ($0.50 for each GB).
 */
const RUNS_A_MONTH = 12 * 24 * 30.4;
const A_RUN = (1 + 0.2 + 5 + 4 * 0.125) / 1e6 + 0.5 * 0.0000133334 + (2 * 0.5) / 1e6;

/** Metrics that the sweep writes in each run; all others are paid for in the hours in which something happens. */
const SWEPT = { withMailIn: 3, without: 1 };

const idleCost = (template: typeof dev, swept: number): Record<string, number> => {
  const all = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);
  // An alarm on an expression is paid for each metric in it.
  const alarmed = all('AWS::CloudWatch::Alarm').map(({ Properties = {} }) => {
    const metrics = Properties.Metrics as readonly { MetricStat?: unknown }[] | undefined;
    return metrics === undefined ? 1 : metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
  });
  return {
    alarms: alarmed.reduce((sum, count) => sum + count, 0) * PRICES.alarmedMetric,
    dashboard: all('AWS::CloudWatch::Dashboard').length * PRICES.dashboard,
    metrics: swept * PRICES.metric,
    secrets: all('AWS::SecretsManager::Secret').length * PRICES.secret,
    keys: all('AWS::KMS::Key').length * PRICES.key,
    sweep: RUNS_A_MONTH * A_RUN,
  };
};

describe('the cost of an idle stage', () => {
  const table = readme.slice(readme.indexOf('A stage that nobody uses')).split('\n');
  const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
  const stages = [
    idleCost(templateFor(), SWEPT.without),
    idleCost(dev, SWEPT.withMailIn),
    idleCost(prod, SWEPT.withMailIn),
  ];
  const total = (costs: Record<string, number>) => Object.values(costs).reduce((sum, each) => sum + each, 0);
  const rows: [string, number[]][] = [
    ...Object.keys(stages[0]!).map((what): [string, number[]] => [what, stages.map((costs) => costs[what]!)]),
    ['together', stages.map(total)],
  ];

  it.each(rows)('is in the README as the template and the list prices give it: %s', (what, amounts) => {
    const row = table.find((line) => new RegExp(`^\\| ${what}\\b`).test(line));
    const cells = row?.split('|').map((cell) => cell.trim());
    expect(cells?.slice(2, 5)).toEqual(amounts.map(dollars));
  });

  it('is more by the web ACL and its rules where there is an edge, and by nothing else', () => {
    const edge = edgeTemplateFor({ ...ALL, ...WITH_EDGE });
    const { id, properties } = oneOf(edge, 'AWS::WAFv2::WebACL');
    expect(Object.keys(edge.Resources)).toEqual([id]);
    const cost = PRICES.webAcl + (properties.Rules as unknown[]).length * PRICES.webAclRule;
    expect(readme).toContain(`With \`edge=on\` a stage costs ${dollars(cost)} a month more`);
    const before = new Set(Object.keys(dev.Resources));
    const added = Object.entries(templateFor({ ...ALL, ...WITH_EDGE }).Resources).filter(([key]) => !before.has(key));
    expect(added.map(([, { Type }]) => Type)).toEqual(['AWS::CloudFront::Distribution']);
  });

  it('has no source but these: whatever else is in the template is paid for by use', () => {
    const paidByUse = [
      ...['ApiGatewayV2::Api', 'ApiGatewayV2::Authorizer', 'ApiGatewayV2::Integration', 'ApiGatewayV2::Route'],
      ...['ApiGatewayV2::Stage', 'CDK::Metadata', 'Cognito::UserPool', 'Cognito::UserPoolClient', 'DynamoDB::Table'],
      ...['Events::EventBus', 'Events::Rule', 'IAM::Policy', 'IAM::Role', 'Lambda::EventInvokeConfig'],
      ...['Lambda::EventSourceMapping', 'Lambda::Function', 'Lambda::Permission', 'Logs::LogGroup', 'S3::Bucket'],
      ...['S3::BucketPolicy', 'SES::ConfigurationSet', 'SES::ConfigurationSetEventDestination', 'SES::EmailIdentity'],
      ...['SES::ReceiptRule', 'SES::ReceiptRuleSet', 'SNS::Subscription', 'SNS::Topic', 'SNS::TopicPolicy'],
      ...['SQS::Queue', 'SQS::QueuePolicy', 'Scheduler::Schedule', 'StepFunctions::StateMachine'],
    ].map((type) => `AWS::${type}`);
    const counted = ['CloudWatch::Alarm', 'CloudWatch::Dashboard', 'SecretsManager::Secret', 'KMS::Key'];
    const known = new Set([...paidByUse, ...counted.map((type) => `AWS::${type}`), 'Custom::ActiveReceiptRuleSet']);
    const types = Object.values(prod.Resources).map(({ Type }) => Type);
    expect([...new Set(types)].filter((type) => !known.has(type))).toEqual([]);
    expect(
      someOf(prod, 'AWS::DynamoDB::Table').every(({ properties }) => properties.BillingMode === 'PAY_PER_REQUEST'),
    ).toBe(true);
  });
});
