/** The edge, where an operator sets one: what it counts, what it lets through, and that there is no way around it. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { newApp, addStacks } from '../../lib/app.ts';
import { readConfig } from '../../lib/config.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { prepare } from '../../lib/local/prepare.ts';
import {
  allOf,
  edgeTemplateFor,
  functionOf,
  oneOf,
  someOf,
  templateFor,
  templatesFor,
  WITH_EDGE,
  WITH_INBOUND,
  WITH_MAIL,
  WITH_NAMED_EDGE,
} from './support.ts';

const template = templateFor(WITH_EDGE);
const STAGE = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
const ADDRESS = {
  'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [oneOf(template, 'AWS::CloudFront::Distribution').id, 'DomainName'] }]],
};

const distributionOf = (of: typeof template) =>
  oneOf(of, 'AWS::CloudFront::Distribution').properties.DistributionConfig as Readonly<Record<string, unknown>>;

const ruleSchema = z.object({
  Name: z.string(),
  Priority: z.number(),
  Statement: z.object({ RateBasedStatement: z.record(z.string(), z.unknown()) }),
  Action: z.object({
    Block: z.object({
      CustomResponse: z.object({
        ResponseCode: z.number(),
        CustomResponseBodyKey: z.string(),
        ResponseHeaders: z.array(z.object({ Name: z.string(), Value: z.string() })),
      }),
    }),
  }),
  VisibilityConfig: z.object({ MetricName: z.string(), SampledRequestsEnabled: z.boolean() }),
});
const aclSchema = z.object({
  Name: z.string(),
  Scope: z.string(),
  DefaultAction: z.unknown(),
  CustomResponseBodies: z.record(z.string(), z.object({ ContentType: z.string(), Content: z.string() })),
  Rules: z.array(ruleSchema),
  VisibilityConfig: z.object({ SampledRequestsEnabled: z.boolean() }),
  DataProtectionConfig: z.object({ DataProtections: z.array(z.object({ Action: z.string(), Field: z.unknown() })) }),
});
const aclFor = (context: Readonly<Record<string, unknown>>) =>
  aclSchema.parse(oneOf(edgeTemplateFor(context), 'AWS::WAFv2::WebACL').properties);

describe('without an edge', () => {
  it('there is one stack, whatever else is set of an edge, and nothing of it in there', () => {
    const off = templatesFor({ edge: 'off', requestsPerClient: '50', requestsPerAddress: '20' });
    expect(off).toEqual(templatesFor());
    expect(Object.keys(off)).toEqual(['makegood-dev']);
    expect(JSON.stringify(off)).not.toMatch(/CloudFront|WAF|GetStackOutput/);
    expect(oneOf(templateFor(), 'AWS::ApiGatewayV2::Stage').properties.StageName).toBe('$default');
  });
});

describe('what is counted', () => {
  const acl = aclFor(WITH_EDGE);

  it('is what a token sends in five minutes, before what an address sends, and all else is let through', () => {
    const header = {
      Name: 'authorization',
      TextTransformations: [
        { Priority: 0, Type: 'COMPRESS_WHITE_SPACE' },
        { Priority: 1, Type: 'LOWERCASE' },
      ],
    };
    expect(acl.Rules.map(({ Priority, Statement }) => [Priority, Statement.RateBasedStatement])).toEqual([
      [0, { AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: header }], EvaluationWindowSec: 300, Limit: 1000 }],
      [1, { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 5000 }],
    ]);
    expect(acl).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } });
  });

  it('has the limits that are set', () => {
    const { Rules, CustomResponseBodies } = aclFor({ ...WITH_EDGE, requestsPerClient: '40', requestsPerAddress: '70' });
    expect(Rules.map(({ Statement }) => Statement.RateBasedStatement.Limit)).toEqual([40, 70]);
    expect(Rules.map(({ Action }) => Action.Block.CustomResponse.CustomResponseBodyKey)).toEqual(['token', 'address']);
    expect(CustomResponseBodies.token?.Content).toContain('More than 40 requests');
    expect(CustomResponseBodies.address?.Content).toContain('More than 70 requests');
  });

  it('is refused as the desk itself would: busy, and when to come again', () => {
    for (const { Action } of acl.Rules) {
      const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } = Action.Block.CustomResponse;
      const headers = Object.fromEntries(ResponseHeaders.map(({ Name, Value }) => [Name, Value]));
      expect(headers).toEqual({ 'retry-after': '300', 'cache-control': 'no-store' });
      const { ContentType, Content } = acl.CustomResponseBodies[CustomResponseBodyKey]!;
      expect(ContentType).toBe('APPLICATION_JSON');
      expect(JSON.parse(Content)).toMatchObject({ type: 'urn:makegood:problem:busy', status: ResponseCode });
      expect(ResponseCode).toBe(429);
    }
  });

  it('is told to the scripts of pages, where they may call', () => {
    for (const { Action } of aclFor({ ...WITH_EDGE, corsOrigins: 'https://desk.example.com' }).Rules) {
      const names = Action.Block.CustomResponse.ResponseHeaders.map(({ Name }) => Name);
      expect(names).toEqual(expect.arrayContaining(['access-control-allow-origin', 'access-control-expose-headers']));
    }
  });

  it('leaves samples of what was refused, and none with a token or with what was asked', () => {
    expect(acl.Rules.every(({ VisibilityConfig }) => VisibilityConfig.SampledRequestsEnabled)).toBe(true);
    expect(acl.VisibilityConfig.SampledRequestsEnabled).toBe(false);
    expect(acl.DataProtectionConfig.DataProtections).toEqual([
      { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization'] } },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'QUERY_STRING' } },
    ]);
  });
});

describe('the edge', () => {
  it('keeps nothing, hands on every method with what came with it, and speaks https alone', () => {
    expect(distributionOf(template)).toMatchObject({
      Enabled: true,
      IPV6Enabled: false,
      DefaultCacheBehavior: {
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        // Managed by AWS: CachingDisabled, and AllViewerExceptHostHeader.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        ViewerProtocolPolicy: 'https-only',
      },
    });
    const { CustomErrorResponses } = distributionOf(template);
    const errors = CustomErrorResponses as { ErrorCode: number; ErrorCachingMinTTL: number }[];
    expect(errors.map(({ ErrorCode }) => ErrorCode)).toEqual(expect.arrayContaining([400, 403, 404, 405, 500, 503]));
    for (const error of errors) expect(error).toEqual({ ErrorCode: error.ErrorCode, ErrorCachingMinTTL: 0 });
  });

  it('is looked at by the rules, which another stack in us-east-1 has, deployed before it', () => {
    const stack = { StackName: 'edge-makegood-dev', OutputName: 'WebAclArn', Region: 'us-east-1' };
    expect(distributionOf(template).WebACLId).toEqual({ 'Fn::GetStackOutput': stack });
    const rules = edgeTemplateFor(WITH_EDGE);
    const { id } = oneOf(rules, 'AWS::WAFv2::WebACL');
    expect(rules.Outputs?.WebAclArn?.Value).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
    const app = newApp({ context: { 'aws:cdk:bundling-stacks': [] } });
    addStacks(app, readConfig(WITH_EDGE, {}));
    const { stacks } = app.synth();
    expect(stacks.map(({ stackName, environment }) => [stackName, environment.region])).toEqual([
      ['edge-makegood-dev', 'us-east-1'],
      // In whatever region it is deployed.
      ['makegood-dev', 'unknown-region'],
    ]);
    expect(stacks[1]?.dependencies.map(({ id: each }) => each)).toContain(stacks[0]?.id);
  });

  it('is the only one that knows the API, whose one stage has a name that is made up with the stack', () => {
    const stages = someOf(template, 'AWS::ApiGatewayV2::Stage');
    expect(stages.map(({ properties }) => properties.StageName)).toEqual([STAGE]);
    const api = oneOf(template, 'AWS::ApiGatewayV2::Api').id;
    const { Origins } = distributionOf(template);
    expect(Origins).toEqual([
      expect.objectContaining({
        DomainName: {
          'Fn::Join': ['', [{ Ref: api }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
        },
        OriginPath: { 'Fn::Join': ['', ['/', STAGE]] },
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      }),
    ]);
    // Nor does anything else tell where the API is, or the name.
    const told = JSON.stringify([template.Outputs, someOf(template, 'AWS::Lambda::Function')]);
    expect(told).not.toMatch(/ApiEndpoint|StackId/);
    const [stage] = stages;
    expect(JSON.stringify(stage?.properties.AccessLogSettings)).not.toMatch(/context\.(stage|path|domain)/);
  });

  it('changes nothing of the stage but its name', () => {
    const { StageName: hidden, ...behind } = oneOf(template, 'AWS::ApiGatewayV2::Stage').properties;
    const { StageName: open, ...direct } = oneOf(templateFor(), 'AWS::ApiGatewayV2::Stage').properties;
    expect([open, hidden]).toEqual(['$default', STAGE]);
    expect(behind).toEqual(direct);
  });

  it('is where callers and letters are sent', () => {
    expect(template.Outputs?.ApiUrl?.Value).toEqual(ADDRESS);
    const mailed = templateFor({ ...WITH_EDGE, ...WITH_MAIL, ...WITH_INBOUND });
    expect(functionOf(mailed, 'notify').properties.Environment).toMatchObject({ Variables: { PUBLIC_URL: ADDRESS } });
  });

  it('answers at a name of the vendor’s, by a version of TLS that is not outdated', () => {
    const named = templateFor({ ...WITH_NAMED_EDGE, ...WITH_MAIL, ...WITH_INBOUND });
    expect(distributionOf(named)).toMatchObject({
      Aliases: ['desk.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: WITH_NAMED_EDGE.edgeCertificate,
        MinimumProtocolVersion: 'TLSv1.2_2025',
        SslSupportMethod: 'sni-only',
      },
    });
    const { Environment } = functionOf(named, 'notify').properties;
    expect(Environment).toMatchObject({ Variables: { PUBLIC_URL: 'https://desk.example.com' } });
    // The name has to be pointed there, so it is told.
    expect(named.Outputs?.ApiUrl?.Value).toEqual(ADDRESS);
  });

  it('shows on the dashboard what it refused, from the region where that is counted', () => {
    const body = JSON.stringify(oneOf(templateFor({ ...WITH_EDGE, stage: 'prod' }), 'AWS::CloudWatch::Dashboard'));
    for (const { VisibilityConfig } of aclFor({ ...WITH_EDGE, stage: 'prod' }).Rules) {
      const metric = [
        'AWS/WAFV2',
        'BlockedRequests',
        'Rule',
        VisibilityConfig.MetricName,
        'WebACL',
        'edge-makegood-prod',
      ];
      const told = JSON.stringify(JSON.stringify(metric).slice(1, -1)).slice(1, -1);
      expect(body).toContain(`${told},{\\"label`);
    }
    expect(body).toContain('\\"region\\":\\"us-east-1\\"');
    const without = JSON.stringify(oneOf(templateFor({ stage: 'prod' }), 'AWS::CloudWatch::Dashboard'));
    expect(without).not.toContain('WAFV2');
  });
});

describe('the local desk', () => {
  it('has none, even where the environment is that of a deployment', async () => {
    const environment = { MAKEGOOD_EDGE: 'on', MAKEGOOD_EDGE_CERTIFICATE: WITH_NAMED_EDGE.edgeCertificate };
    const { template: local } = await prepare({}, environment);
    expect(allOf(local as typeof template, 'AWS::CloudFront::Distribution')).toEqual([]);
    expect(() => readTemplate(local)).not.toThrow();
    expect(() => readTemplate(template)).toThrow(/CloudFront/);
  }, 60_000);
});
