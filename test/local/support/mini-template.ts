/** A small template in the form that CDK synthesizes, and functions written as the bundles they would become. */

const getAtt = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] });
const TABLE_NAME = 'mini-table';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  Metadata?: Record<string, unknown>;
}
export interface MiniTemplate {
  Parameters: Record<string, unknown>;
  Resources: Record<string, Resource>;
}

export const functionResource = (entry: string, properties: Record<string, unknown> = {}): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Handler: 'index.handler', Runtime: 'nodejs24.x', Code: { ZipFile: 'x' }, ...properties },
  Metadata: { 'makegood:entry': entry },
});

/** A table with a stream, a function that reads it, a queue for what it can't read, a bus with a rule, and an HTTP API. */
export const miniTemplate = (issuer: { url: string; audience: string }): MiniTemplate => ({
  Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk' } },
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: TABLE_NAME,
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    },
    Reader: functionResource('reader.ts', { Environment: { Variables: { TABLE_NAME: { Ref: 'Table' } } } }),
    Api: functionResource('api.ts', { Timeout: 5 }),
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: {} },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Reader' },
        EventSourceArn: getAtt('Table', 'StreamArn'),
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 4,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 2,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: getAtt('DeadLetters', 'Arn') } },
        FilterCriteria: {
          Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"EVENT#"}]}}}}' }],
        },
      },
    },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'mini-bus' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['makegood.desk'], 'detail-type': [{ prefix: 'ticket.' }] },
        State: 'ENABLED',
        Targets: [{ Arn: getAtt('Reader', 'Arn'), Id: 'Target0', RetryPolicy: { MaximumRetryAttempts: 20 } }],
      },
    },
    Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'mini', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Http' }, StageName: '$default', AutoDeploy: true },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Http' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: getAtt('Api', 'Arn'),
        PayloadFormatVersion: '2.0',
      },
    },
    Authorizer: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ApiId: { Ref: 'Http' },
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: issuer.url, Audience: [issuer.audience] },
        Name: 'jwt',
      },
    },
    TicketRoute: route('GET /v1/tickets/{ticketId}', true),
    PublicRoute: route('ANY /public/{proxy+}', false),
    Default: route('$default', true),
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
  },
});

function route(key: string, guarded: boolean): Resource {
  return {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Http' },
      RouteKey: key,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      AuthorizationType: guarded ? 'JWT' : 'NONE',
      ...(guarded && { AuthorizerId: { Ref: 'Authorizer' } }),
    },
  };
}
