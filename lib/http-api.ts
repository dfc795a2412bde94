/**
 * The HTTP API: one route for each operation of the service and a catch-all, every one behind the JWT authorizer unless the
 * operation is public. Requests are validated in the function. The trap: an HTTP API answers a bad token by itself, with its own
 * short JSON and not with a problem document.
 */
import { Aws, Duration, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { operations, operationsOf, type ApiFunction } from '../lambdas/handlers/api/operations.ts';
import type { Operation } from '../lambdas/handlers/api/operation.ts';
import type { ApiFunctions } from './api-functions.ts';
import type { DeskConfig } from './config.ts';
import { type DeskFunction, logRetention } from './function.ts';
import type { Identity } from './identity.ts';

/** Far above what a support desk needs, far below what would empty an account. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 };
/** What reads a whole month or a whole timeline is asked for by people now and then; all of it together must leave room. */
const HEAVY_THROTTLE = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };

/**
 * With an edge in front, callers must not find the API beside it: its only stage then has a name that nobody can guess, and API Gateway
 * refuses a call that names none. CloudFormation has made up a UUID for the stack anyway, so no secret has to be kept. What it guards is
 * the counting of requests; who may do what is still the token's to say.
 */
const HIDDEN_STAGE = Fn.select(2, Fn.split('/', Aws.STACK_ID));

/** Ids only: no address, no path or query with what a caller made up, no claim but the subject's id. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integrationStatus',
  integrationLatency: '$context.integrationLatency',
  responseLength: '$context.responseLength',
  subject: '$context.authorizer.claims.sub',
};

const cors = ({ corsOrigins }: DeskConfig): CorsPreflightOptions | undefined =>
  corsOrigins.length === 0
    ? undefined
    : {
        allowOrigins: [...corsOrigins],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
        allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
        exposeHeaders: ['retry-after', 'idempotency-replayed'],
        maxAge: Duration.hours(1),
      };

const acknowledgePublic = (routes: readonly HttpRoute[], reason: string): void => {
  for (const route of routes) Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
};

export interface DeskApiProps {
  readonly config: DeskConfig;
  readonly functions: ApiFunctions;
  readonly identity: Identity;
}

export class DeskApi extends Construct {
  readonly httpApi: HttpApi;
  readonly stageName: string;

  constructor(scope: Construct, id: string, { config, functions, identity }: DeskApiProps) {
    super(scope, id);
    this.stageName = config.edge ? HIDDEN_STAGE : '$default';
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: `makegood-${config.stage}`,
      createDefaultStage: false,
      corsPreflight: cors(config),
      defaultAuthorizer: new HttpJwtAuthorizer('Jwt', identity.issuerUrl, { jwtAudience: [...identity.audience] }),
    });
    this.addStage(config, this.addRoutes(config, functions));
  }

  /** Where callers reach it, unless there is an edge. */
  get url(): string {
    return this.httpApi.apiEndpoint;
  }

  /** Answers the routes that are throttled more than others. */
  private addRoutes(config: DeskConfig, functions: ApiFunctions): HttpRoute[] {
    const integrationOf = (name: ApiFunction): HttpLambdaIntegration =>
      new HttpLambdaIntegration(functions[name].node.id, functions[name].function, { scopePermissionToRoute: false });
    const integration = integrationOf('contract');
    const heavyRoutes = [
      ...this.addOperations(operationsOf.api, integrationOf('api')),
      ...this.addOperations(operationsOf.files, integrationOf('files')),
      ...this.addOperations(operationsOf.quarantine, integrationOf('quarantine')),
      ...this.addOperations(operationsOf.erasure, integrationOf('erasure')),
      ...this.addOperations(operationsOf.contract, integration),
    ];
    // Browsers send no token with a preflight, and the catch-all would ask for one. The API itself answers it.
    if (config.corsOrigins.length > 0) {
      const authorizer = new HttpNoneAuthorizer();
      const routes = this.httpApi.addRoutes({
        path: '/{proxy+}',
        methods: [HttpMethod.OPTIONS],
        integration,
        authorizer,
      });
      acknowledgePublic(routes, 'Answers a preflight, which carries no token and gets no data.');
    }
    new HttpRoute(this, 'AnythingElse', { httpApi: this.httpApi, routeKey: HttpRouteKey.DEFAULT, integration });
    this.allowAnythingElse(functions.contract);
    return heavyRoutes;
  }

  /** A route is called as stage, method and path, the catch-all as stage and name: the one permission does not fit the other. */
  private allowAnythingElse(to: DeskFunction): void {
    to.function.addPermission('AnythingElse', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.httpApi.apiId,
        resourceName: '*/$default',
      }),
    });
  }

  private addOperations(
    operations: Readonly<Record<string, Operation>>,
    integration: HttpLambdaIntegration,
  ): HttpRoute[] {
    return Object.values(operations).flatMap(({ method, path, heavy = false, public: isPublic = false }) => {
      const authorizer = isPublic ? new HttpNoneAuthorizer() : undefined;
      const routes = this.httpApi.addRoutes({ path, methods: [HttpMethod[method]], integration, authorizer });
      if (isPublic)
        acknowledgePublic(
          routes,
          'The contract, which is public, or a page whose path carries a signed token of its own.',
        );
      return heavy ? routes : [];
    });
  }

  private addStage(config: DeskConfig, heavyRoutes: readonly HttpRoute[]): void {
    // The prefix keeps the log's resource policy from growing with each log group of the account.
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/apis/makegood-${config.stage}`,
      retention: logRetention(config),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: this.stageName,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    // A stage can only throttle routes that are there already.
    stage.node.addDependency(...heavyRoutes);
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(
      operations.flatMap(({ method, path, heavy }) => (heavy ? [[`${method} ${path}`, HEAVY_THROTTLE]] : [])),
    );
  }
}
