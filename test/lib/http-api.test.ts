import { describe, expect, it } from 'vitest';
import { operations, operationsOf } from '../../lambdas/handlers/api/operations.ts';
import { API_FUNCTIONS, functionOf, oneOf, referenced, someOf, templateFor } from './support.ts';

const template = templateFor();
const routes = someOf(template, 'AWS::ApiGatewayV2::Route');
const routeKey = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;
const PUBLIC = new Set(operations.filter((operation) => operation.public).map(routeKey));

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
    const integrations = new Map(
      someOf(template, 'AWS::ApiGatewayV2::Integration').map(({ id, properties }) => [id, properties]),
    );
    const answeredBy = (name: string): string[] => {
      const uri = { 'Fn::GetAtt': [functionOf(template, name).id, 'Arn'] };
      return routes.flatMap(({ properties: { RouteKey, Target } }) => {
        const integration = integrations.get(/"Ref":"(\w+)"/.exec(JSON.stringify(Target))?.[1] ?? '');
        expect(integration).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
        return JSON.stringify(integration?.IntegrationUri) === JSON.stringify(uri) ? [String(RouteKey)] : [];
      });
    };
    for (const name of API_FUNCTIONS) {
      const own = Object.values(operationsOf[name]).map(routeKey);
      expect(answeredBy(name).sort()).toEqual([...own, ...(name === 'contract' ? ['$default'] : [])].sort());
    }
  });

  it('lets API Gateway invoke each of them once', () => {
    const invokers = someOf(template, 'AWS::Lambda::Permission').filter(
      ({ properties }) => properties.Principal === 'apigateway.amazonaws.com',
    );
    expect(invokers.map(({ properties }) => referenced(properties.FunctionName)).sort()).toEqual(
      API_FUNCTIONS.map((name) => functionOf(template, name).id).sort(),
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
    const { Format } = properties.AccessLogSettings as { Format: string };
    const fields = Object.values(JSON.parse(Format) as Record<string, string>);
    expect(fields).toContain('$context.requestId');
    expect(fields.filter((field) => /sourceIp|userAgent|email|path$|identity/i.test(field))).toEqual([]);
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
    });
    const preflight = someOf(open, 'AWS::ApiGatewayV2::Route').find(
      ({ properties }) => properties.RouteKey === 'OPTIONS /{proxy+}',
    );
    expect(preflight?.properties.AuthorizationType).toBe('NONE');
  });
});
