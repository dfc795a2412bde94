/**
 * The properties of every resource type that the local desk runs, as strict schemas: a property that is not written here is
 * refused, because it might change what happens on AWS. Those marked `unused` are read and have no effect on one machine
 * (who may do what, how much at a time, how long it is kept). Nothing here knows how a resource is run.
 */
import * as z from 'zod';

/** Known, and without effect here. */
const unused = z.unknown().optional();
const deadLetterConfig = z.strictObject({ Arn: z.string() }).optional();
const arn = z.string().startsWith('arn:aws:');

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const indexProperties = {
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
  ContributorInsightsSpecification: unused,
  OnDemandThroughput: unused,
};

export const tableProperties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z.array(z.strictObject(indexProperties)).default([]),
  StreamSpecification: z
    .strictObject({ StreamViewType: z.enum(['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY']) })
    .optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  /** The one replica of a global table holds settings of protection and of indexes that change nothing here. */
  Replicas: z
    .array(z.looseObject({ Region: z.string() }))
    .max(1, 'one replica only')
    .optional(),
  ContributorInsightsSpecification: unused,
  DeletionProtectionEnabled: unused,
  PointInTimeRecoverySpecification: unused,
  SSESpecification: unused,
  Tags: unused,
  WriteOnDemandThroughputSettings: unused,
});

export const functionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  Handler: z.string(),
  Runtime: z.string().startsWith('nodejs'),
  Timeout: z.number().int().positive().default(3),
  MemorySize: z.number().int().positive().default(128),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  PackageType: z.literal('Zip').optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string() }).optional(),
  Architectures: unused,
  Code: unused,
  Description: unused,
  LoggingConfig: z.looseObject({ ApplicationLogLevel: z.string().optional() }).optional(),
  ReservedConcurrentExecutions: unused,
  Role: unused,
  Tags: unused,
  TracingConfig: unused,
});

/** How often Lambda itself runs an asynchronous event again, and where it puts one that always fails. */
export const eventInvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.number().int().min(0).max(2).default(2),
  MaximumEventAgeInSeconds: z.number().int().min(60).default(21_600),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: arn }).optional() }).optional(),
});

export const mappingProperties = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: arn,
  StartingPosition: z.literal('TRIM_HORIZON', 'the local desk reads a stream from its beginning'),
  BatchSize: z.number().int().min(1).max(10_000).default(100),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: arn }) }).optional(),
  FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumRecordAgeInSeconds: z.number().int().default(-1),
  MaximumRetryAttempts: z.number().int().default(-1),
  /** A window only makes a batch wait for company. */
  MaximumBatchingWindowInSeconds: unused,
  /** One batch at a time keeps every order that several at a time would keep. */
  ParallelizationFactor: unused,
  Enabled: z.literal(true).optional(),
  Tags: unused,
});

export const apiProperties = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal('HTTP'),
  Description: unused,
  DisableExecuteApiEndpoint: unused,
  Tags: unused,
});
export const stageProperties = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default'),
  AutoDeploy: z.literal(true),
  AccessLogSettings: unused,
  DefaultRouteSettings: unused,
  RouteSettings: unused,
  Description: unused,
  Tags: unused,
});
export const integrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  IntegrationMethod: z.literal('POST').optional(),
  TimeoutInMillis: z.number().int().min(50).max(30_000).default(30_000),
  Description: unused,
});
export const routeProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().startsWith('integrations/'),
  AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
  AuthorizerId: z.string().optional(),
  OperationName: unused,
});
export const authorizerProperties = z.strictObject({
  ApiId: z.string(),
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.strictObject({ Issuer: z.string(), Audience: z.array(z.string()).min(1) }),
  Name: z.string(),
});

export const busProperties = z.strictObject({
  Name: z.string(),
  DeadLetterConfig: deadLetterConfig,
  Description: unused,
  LogConfig: unused,
  Tags: unused,
});
/** What a target does when its function can't be reached; a local function always can, so no local delivery is repeated. */
const retryPolicy = z
  .strictObject({ MaximumEventAgeInSeconds: z.number().optional(), MaximumRetryAttempts: z.number().optional() })
  .optional();
export const DEFAULT_BUS = 'default';
export const ruleProperties = z.strictObject({
  Name: z.string().optional(),
  /** Absent: the account's own bus, on which AWS itself tells what happened. */
  EventBusName: z.string().default(DEFAULT_BUS),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(
    z.strictObject({ Arn: arn, Id: z.string(), DeadLetterConfig: deadLetterConfig, RetryPolicy: retryPolicy }),
  ),
  Description: unused,
});
export const scheduleProperties = z.strictObject({
  Name: z.string().optional(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.strictObject({
    Arn: arn,
    Input: z.string().optional(),
    RoleArn: unused,
    DeadLetterConfig: deadLetterConfig,
    RetryPolicy: retryPolicy,
  }),
  GroupName: unused,
  Description: unused,
});

export const queueProperties = z.strictObject({
  QueueName: z.string().optional(),
  KmsMasterKeyId: unused,
  MessageRetentionPeriod: unused,
  SqsManagedSseEnabled: unused,
  Tags: unused,
  VisibilityTimeout: unused,
});

export const stateMachineProperties = z.strictObject({
  StateMachineName: z.string().optional(),
  StateMachineType: z.literal('STANDARD').default('STANDARD'),
  DefinitionString: z.string(),
  LoggingConfiguration: unused,
  RoleArn: unused,
  Tags: unused,
  TracingConfiguration: unused,
});

/** Who may see a bucket, how it is encrypted and how long it keeps what is in it change nothing on one machine. */
export const bucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  BucketEncryption: unused,
  LifecycleConfiguration: unused,
  OwnershipControls: unused,
  PublicAccessBlockConfiguration: unused,
  Tags: unused,
});
/** How a mail is brought to its reader, and what is measured of it, change nothing here. */
export const configurationSetProperties = z.strictObject({
  Name: z.string().optional(),
  SendingOptions: z.strictObject({ SendingEnabled: z.literal(true) }).optional(),
  /** The desk knows itself where nothing is to be sent; a second list could not be seen in it. */
  SuppressionOptions: z.strictObject({ SuppressedReasons: z.tuple([]) }).optional(),
  DeliveryOptions: unused,
  ReputationOptions: unused,
  Tags: unused,
});
/** What SES can tell of a mail, as far as the local desk knows how. */
export const mailEventTypes = ['bounce', 'complaint', 'reject'] as const;
export const eventDestinationProperties = z.strictObject({
  ConfigurationSetName: z.string(),
  EventDestination: z.strictObject({
    Name: z.string().optional(),
    Enabled: z.literal(true),
    MatchingEventTypes: z.array(z.enum(mailEventTypes)).min(1),
    SnsDestination: z.strictObject({ TopicARN: arn }),
  }),
});

export const topicProperties = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: unused,
  KmsMasterKeyId: unused,
  Tags: unused,
});
/** People are not written to from here; a function is called, and a queue takes what it could not be called with. */
export const subscriptionProperties = z.discriminatedUnion('Protocol', [
  z.strictObject({ Protocol: z.literal('email'), TopicArn: arn, Endpoint: z.string() }),
  z.strictObject({
    Protocol: z.literal('lambda'),
    TopicArn: arn,
    Endpoint: arn,
    RedrivePolicy: z.strictObject({ deadLetterTargetArn: arn }).optional(),
  }),
]);

/** AWS makes the secret up; nobody gives one. */
export const secretProperties = z.strictObject({
  Name: z.string().optional(),
  GenerateSecretString: z.strictObject({
    PasswordLength: z.number().int().min(32).max(4096),
    ExcludePunctuation: z.literal(true),
  }),
  Description: unused,
  KmsKeyId: unused,
  Tags: unused,
});
export const receiptRuleSetProperties = z.strictObject({ RuleSetName: z.string().optional(), Tags: unused });
export const receiptRuleProperties = z.strictObject({
  RuleSetName: z.string(),
  Rule: z.strictObject({
    Name: z.string().optional(),
    Enabled: z.literal(true),
    ScanEnabled: z.literal(true, 'a mail that nobody scanned could open nothing'),
    TlsPolicy: z.enum(['Optional', 'Require']),
    /** Domains, and addresses. */
    Recipients: z.array(z.string()).min(1),
    /** Stored first, then handed on: the function reads what is stored. */
    Actions: z.tuple([
      z.strictObject({ S3Action: z.strictObject({ BucketName: z.string(), ObjectKeyPrefix: z.string().default('') }) }),
      z.strictObject({
        LambdaAction: z.strictObject({ FunctionArn: arn, InvocationType: z.literal('Event').default('Event') }),
      }),
    ]),
  }),
});

const activationCall = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(
    z.strictObject({
      service: z.literal('SES'),
      action: z.literal('setActiveReceiptRuleSet'),
      parameters: z.strictObject({ RuleSetName: z.string() }),
      physicalResourceId: z.strictObject({ id: z.string() }),
    }),
  );
/** Made the active one by every deployment, and left alone when the stack goes. */
export const activationProperties = z.strictObject({
  ServiceToken: arn,
  InstallLatestAwsSdk: z.literal(false),
  Create: activationCall,
  Update: activationCall,
});
