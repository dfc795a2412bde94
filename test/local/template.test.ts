import { describe, expect, it } from 'vitest';
import { LOCAL_ISSUER } from '../../lib/local/issuer.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { resolve } from '../../lib/local/template/resolve.ts';
import { miniTemplate } from './support/mini-template.ts';

const scope = {
  ref: (logicalId: string) => `ref:${logicalId}`,
  attribute: (logicalId: string, name: string) => `att:${logicalId}.${name}`,
};

/** Reads the small template after a change. */
function read(change: (resources: ReturnType<typeof miniTemplate>['Resources']) => void) {
  const template = miniTemplate(LOCAL_ISSUER);
  change(template.Resources);
  return () => readTemplate(template);
}

describe('intrinsic functions', () => {
  it.each([
    [{ Ref: 'Table' }, 'ref:Table'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'att:Table.Arn'],
    [{ 'Fn::GetAtt': 'Table.Arn' }, 'att:Table.Arn'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] }, 'a-ref:B-3'],
    [{ 'Fn::Sub': '${A}/${B.Arn}/${!C}' }, 'ref:A/att:B.Arn/${C}'],
    [{ 'Fn::Sub': ['${A}/${AWS::AccountId}', { A: { Ref: 'X' } }] }, 'ref:X/000000000000'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
    [{ Condition: { Bool: { x: true } } }, { Condition: { Bool: { x: true } } }],
  ])('%j gives %j', (value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it('refuses one that it does not know, by name', () => {
    expect(() => resolve({ a: [{ 'Fn::ImportValue': 'x' }] }, scope)).toThrow('Fn::ImportValue');
  });
});

describe('reading a template', () => {
  it('joins routes, functions, streams and rules to each other', () => {
    const blueprint = read(() => undefined)();
    expect(blueprint.routes.map(({ routeKey, authorizer }) => [routeKey, authorizer?.issuer])).toEqual([
      ['GET /v1/tickets/{ticketId}', LOCAL_ISSUER.url],
      ['ANY /public/{proxy+}', undefined],
      ['$default', LOCAL_ISSUER.url],
    ]);
    expect(blueprint.functions.map(({ name, environment }) => [name, environment])).toEqual([
      ['Reader', { TABLE_NAME: 'mini-table' }],
      ['Api', {}],
    ]);
    expect(blueprint.mappings[0]).toMatchObject({ tableName: 'mini-table', batchSize: 4, maximumRetries: 2 });
    expect(blueprint.tables[0]?.create).not.toHaveProperty('PointInTimeRecoverySpecification');
  });

  it.each([
    [
      'a resource type that it does not know, with its logical id',
      read((resources) => (resources.Pool = { Type: 'AWS::Cognito::UserPool', Properties: {} })),
      /AWS::Cognito::UserPool \(Pool\)/,
    ],
    [
      'a property that might change what happens',
      read((resources) => (resources.Mapping!.Properties.TumblingWindowInSeconds = 30)),
      /AWS::Lambda::EventSourceMapping \(Mapping\)[^]*TumblingWindowInSeconds/,
    ],
    [
      'a setting that it does not implement',
      read((resources) => (resources.Mapping!.Properties.StartingPosition = 'LATEST')),
      /Mapping[^]*StartingPosition/,
    ],
    [
      'a filter that it only half understands',
      read((resources) => (resources.Rule!.Properties.EventPattern = { detail: { amount: [{ numeric: ['>', 1] }] } })),
      /Rule: [^]*numeric/,
    ],
    [
      'a schedule that it can not follow',
      read((resources) => {
        resources.Nightly = {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            FlexibleTimeWindow: { Mode: 'OFF' },
            ScheduleExpression: 'at(2027-01-01T00:00:00)',
            Target: { Arn: { 'Fn::GetAtt': ['Api', 'Arn'] } },
          },
        };
      }),
      /Nightly: [^]*at\(2027/,
    ],
    [
      'a function without its entry point',
      read((resources) => delete resources.Api!.Metadata),
      /function Api has no "makegood:entry"/,
    ],
    [
      'a reference to nothing',
      read((resources) => (resources.Mapping!.Properties.FunctionName = { Ref: 'Gone' })),
      /refers to Gone/,
    ],
    [
      'a resource that exists under a condition only',
      read((resources) => Object.assign(resources.Api!, { Condition: 'IsProduction' })),
      /conditions/,
    ],
  ])('refuses %s', (_, reading, message) => {
    expect(reading).toThrow(message);
  });
});

describe('a custom resource', () => {
  const PROVIDER = 'AWS679f53fac002430cb0da5b7982bd22872D164C4C';
  const call = (changes: object = {}) => ({
    'Fn::Join': [
      '',
      [
        '{"service":"SES","action":"setActiveReceiptRuleSet","parameters":{"RuleSetName":"',
        { Ref: 'Rules' },
        `"},"physicalResourceId":{"id":"active"}${JSON.stringify(changes).replace(/^{(.+)}$|^{}$/, (_, more?: string) => (more ? `,${more}` : ''))}}`,
      ],
    ],
  });
  const activation = (changes: Record<string, unknown> = {}, type = 'Custom::ActiveReceiptRuleSet') =>
    read((resources) => {
      const provider = { Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout: 120 };
      Object.assign(resources, {
        Rules: { Type: 'AWS::SES::ReceiptRuleSet', Properties: {} },
        [PROVIDER]: { Type: 'AWS::Lambda::Function', Properties: provider },
        Active: {
          Type: type,
          Properties: {
            ServiceToken: { 'Fn::GetAtt': [PROVIDER, 'Arn'] },
            ...{ Create: call(), Update: call(), InstallLatestAwsSdk: false },
            ...changes,
          },
        },
      });
    });

  it('that makes the rule set the active one is known, and its function runs on AWS alone', () => {
    expect(activation()().functions.map(({ name }) => name)).toEqual(['Reader', 'Api']);
  });

  it.each([
    ['of another kind', activation({}, 'Custom::AWS'), /Custom::AWS \(Active\)/],
    ['that would do something when the stack goes', activation({ Delete: call() }), /Delete/],
    ['that asks for more', activation({ Update: call({ region: 'eu-west-1' }) }), /region/],
    [
      'that calls something else',
      activation({ Create: '{"service":"SES","action":"deleteReceiptRuleSet","parameters":{"RuleSetName":"Rules"}}' }),
      /setActiveReceiptRuleSet/,
    ],
    [
      'for somebody else’s rule set',
      activation({
        Update:
          '{"service":"SES","action":"setActiveReceiptRuleSet","parameters":{"RuleSetName":"x"},"physicalResourceId":{"id":"a"}}',
      }),
      /none of the template's/,
    ],
    ['of a function of our own', activation({ ServiceToken: { 'Fn::GetAtt': ['Api', 'Arn'] } }), /does not know/],
    [
      'whose function is used by nothing that is known',
      read((resources) => {
        resources[PROVIDER] = { Type: 'AWS::Lambda::Function', Properties: { Handler: 'x', Runtime: 'nodejs24.x' } };
      }),
      /makegood:entry/,
    ],
  ])('%s is refused', (_, reading, message) => {
    expect(reading).toThrow(message);
  });
});
