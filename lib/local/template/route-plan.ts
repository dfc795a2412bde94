/**
 * The routes of the template's HTTP API, each joined to its function and its authorizer. It must not know how a request is
 * matched or a token checked.
 */
import { functionNamed } from './function-plan.ts';
import type { FunctionPlan } from './function-plan.ts';
import * as properties from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

export interface AuthorizerPlan {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface RoutePlan {
  /** `GET /v1/tickets/{ticketId}` or `$default`. */
  readonly routeKey: string;
  readonly apiId: string;
  readonly functionArn: string;
  readonly timeoutMilliseconds: number;
  /** Absent on a route that answers without a token. */
  readonly authorizer?: AuthorizerPlan;
}

export function readRoutes(stack: Stack, functions: readonly FunctionPlan[]): RoutePlan[] {
  const apis = stack.resources('AWS::ApiGatewayV2::Api', properties.apiProperties);
  if (apis.length > 1) throw new TemplateError('The local desk serves one HTTP API; the template has several.');
  stack.resources('AWS::ApiGatewayV2::Stage', properties.stageProperties);
  const integrations = stack.resources('AWS::ApiGatewayV2::Integration', properties.integrationProperties);
  const authorizers = stack.resources('AWS::ApiGatewayV2::Authorizer', properties.authorizerProperties);
  return stack
    .resources('AWS::ApiGatewayV2::Route', properties.routeProperties)
    .map(({ logicalId, properties: route }) => {
      const integration = integrations.find(({ ref }) => `integrations/${ref}` === route.Target);
      if (integration === undefined) throw new TemplateError(`The route ${logicalId} has no integration.`);
      const authorizer = authorizers.find(({ ref }) => ref === route.AuthorizerId);
      if (route.AuthorizationType === 'JWT' && authorizer === undefined) {
        throw new TemplateError(`The route ${logicalId} has no authorizer.`);
      }
      const { Issuer: issuer, Audience: audience } = authorizer?.properties.JwtConfiguration ?? {
        Issuer: '',
        Audience: [],
      };
      return {
        routeKey: route.RouteKey,
        apiId: route.ApiId,
        functionArn: functionNamed(functions, integrationFunction(integration.properties.IntegrationUri), logicalId)
          .arn,
        timeoutMilliseconds: integration.properties.TimeoutInMillis,
        ...(route.AuthorizationType === 'JWT' && { authorizer: { issuer, audience } }),
      };
    });
}

/** API Gateway takes a function's ARN, or its own invocation path around it. */
function integrationFunction(uri: string): string {
  return /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
}
