import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operations, operationsOf } from '../../lambdas/handlers/api/operations.ts';
import type { Template } from '../../lib/synthesize.ts';
import { API_FUNCTIONS, functionOf, oneOf, referenced, someOf, templateFor } from './support.ts';

const template = templateFor();
const routes = someOf(template, 'AWS::ApiGatewayV2::Route');
const routeKey = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;
const PUBLIC = new Set(operations.filter((operation) => operation.public).map(routeKey));

/** Each route with the function that answers it. */
const answerers = (of: Template): Map<string, string> => {
  const integrations = new Map(
    someOf(of, 'AWS::ApiGatewayV2::Integration').map(({ id, properties }) => [id, properties]),
  );
  return new Map(
    someOf(of, 'AWS::ApiGatewayV2::Route').map(({ properties: { RouteKey, Target } }) => {
      const integration = integrations.get(/"Ref":"(\w+)"/.exec(JSON.stringify(Target))?.[1] ?? '');
      expect(integration).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
      return [String(RouteKey), referenced(integration?.IntegrationUri)];
    }),
  );
};

const API_ID = oneOf(template, 'AWS::ApiGatewayV2::Api').id;
const ACCOUNT_ARN = 'arn:Partition:execute-api:Region:AccountId:';

/** As what API Gateway calls a function for a route: the stage, then method and path, or the name of the catch-all. */
const sourceArn = (key: string, api = API_ID): string => {
  const [method, path] = key.split(' ');
  return `${ACCOUNT_ARN}${api}/$default/${path === undefined ? String(method) : `${String(method)}${path}`}`;
};

/** What an ARN of the template matches, as policies read it: a star stands for anything. */
const arnPattern = (arn: unknown): RegExp => {
  const parts = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).parse(arn)['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : referenced(part).replace('AWS::', ''))).join('');
  return new RegExp(`^${text.replaceAll('$', '\\$').replaceAll('*', '.*')}$`);
};

describe('the HTTP API', () => {
  it('has a route for each operation, and one for anything else', () => {
    expect(routes.map(({ properties }) => properties.RouteKey).sort()).toEqual(
      [...operations.map(routeKey), '$default'].sort(),
    );
  });

  it.each(routes.map(({ properties }) => [String(properties.RouteKey), properties] as const))(
    'asks for a token unless the operation is public: %s',
    (key, properties) => {
      expect(properties.AuthorizationType).toBe(PUBLIC.has(key) ? 'NONE' : 'JWT');
      if (!PUBLIC.has(key)) {
        expect(template.Resources[referenced(properties.AuthorizerId)]?.Type).toBe('AWS::ApiGatewayV2::Authorizer');
      }
    },
  );

  it('hands each to the function that answers it, in the format of version 2', () => {
    const answered = [...answerers(template)];
    const answeredBy = (name: string): string[] =>
      answered.flatMap(([key, functionId]) => (functionId === functionOf(template, name).id ? [key] : []));
    for (const name of API_FUNCTIONS) {
      const own = Object.values(operationsOf[name]).map(routeKey);
      expect(answeredBy(name).sort()).toEqual([...own, ...(name === 'contract' ? ['$default'] : [])].sort());
    }
  });

  it('lets API Gateway invoke each function for its own routes and for no other API', () => {
    const invokers = someOf(template, 'AWS::Lambda::Permission').filter(
      ({ properties }) => properties.Principal === 'apigateway.amazonaws.com',
    );
    const allowed = (functionId: string, called: string): boolean =>
      invokers.some(
        ({ properties: { FunctionName, SourceArn } }) =>
          referenced(FunctionName) === functionId && arnPattern(SourceArn).test(called),
      );
    for (const [key, functionId] of answerers(template)) {
      expect({ key, allowed: allowed(functionId, sourceArn(key)) }).toEqual({ key, allowed: true });
      expect(allowed(functionId, sourceArn(key, 'another'))).toBe(false);
    }
    // One for all the routes of a function, and one for the catch-all: a function's own policy has a limit.
    expect(invokers.map(({ properties }) => referenced(properties.FunctionName)).sort()).toEqual(
      [...API_FUNCTIONS, 'contract'].map((name) => functionOf(template, name).id).sort(),
    );
  });

  it('is throttled and logs ids only', () => {
    const { properties } = oneOf(template, 'AWS::ApiGatewayV2::Stage');
    expect(properties.DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 200, ThrottlingRateLimit: 100 });
    const strict = { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10 };
    expect(properties.RouteSettings).toEqual({
      'GET /v1/accounts/{accountId}/export': strict,
      'POST /v1/accounts/{accountId}/erasures': strict,
      'GET /v1/accounts/{accountId}/reports/{month}': strict,
      'GET /v1/accounts/{accountId}/reports/{month}/page': strict,
      'GET /v1/tickets/{ticketId}/explanation': strict,
      'POST /v1/tickets/{ticketId}/split': strict,
    });
    // A stage that names a route before the route is there fails to deploy.
    const { resource } = oneOf(template, 'AWS::ApiGatewayV2::Stage');
    const before = [resource.DependsOn ?? []].flat().map((id) => template.Resources[id]?.Properties?.RouteKey);
    expect(before).toEqual(expect.arrayContaining(Object.keys(properties.RouteSettings as object)));
    const { Format, DestinationArn } = properties.AccessLogSettings as { Format: string; DestinationArn: unknown };
    expect(template.Resources[referenced(DestinationArn)]?.Properties?.LogGroupName).toBe(
      '/aws/vendedlogs/apis/makegood-dev',
    );
    const fields = Object.values(JSON.parse(Format) as Record<string, string>);
    expect(fields).toContain('$context.requestId');
    expect(fields.filter((field) => /sourceIp|userAgent|email|path$|query|identity/i.test(field))).toEqual([]);
  });
});

describe('CORS', () => {
  it('is off by default', () => {
    expect(oneOf(template, 'AWS::ApiGatewayV2::Api').properties.CorsConfiguration).toBeUndefined();
  });

  it('names the configured origins and lets a preflight in without a token', () => {
    const open = templateFor({ corsOrigins: 'https://desk.example.com' });
    expect(oneOf(open, 'AWS::ApiGatewayV2::Api').properties.CorsConfiguration).toMatchObject({
      AllowOrigins: ['https://desk.example.com'],
      AllowHeaders: ['authorization', 'content-type', 'idempotency-key'],
      ExposeHeaders: ['retry-after', 'idempotency-replayed'],
    });
    const preflight = someOf(open, 'AWS::ApiGatewayV2::Route').find(
      ({ properties }) => properties.RouteKey === 'OPTIONS /{proxy+}',
    );
    expect(preflight?.properties.AuthorizationType).toBe('NONE');
  });
});
