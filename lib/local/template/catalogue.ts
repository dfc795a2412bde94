/**
 * The resource types that the local desk knows: those it runs, each with its name and its attributes, and
 * those that do nothing on one machine. A type in neither list is refused, so a new kind of resource in the stack can't be
 * forgotten here silently.
 */
import { ACCOUNT, deployedUrl, REGION } from './resolve.ts';

/** How a resource of one type is named, as far as references to it need. */
export interface RunnableType {
  /** The property that gives the physical name, when the stack sets it. */
  readonly nameProperty?: string;
  /** What `Ref` gives for a resource of that physical name. */
  ref(name: string): string;
  attributes(name: string): Readonly<Record<string, string>>;
}

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const itself = (name: string): string => name;

const table: RunnableType = {
  nameProperty: 'TableName',
  ref: itself,
  attributes: (name) => ({
    Arn: arn('dynamodb', `table/${name}`),
    StreamArn: arn('dynamodb', `table/${name}/stream/local`),
  }),
};

const unnamed: RunnableType = { ref: itself, attributes: () => ({}) };

export const RUNNABLE: Readonly<Record<string, RunnableType>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    ref: itself,
    attributes: (name) => ({ Arn: arn('lambda', `function:${name}`) }),
  },
  'AWS::Lambda::EventInvokeConfig': unnamed,
  'AWS::Lambda::EventSourceMapping': unnamed,
  'AWS::ApiGatewayV2::Api': {
    ref: itself,
    attributes: (name) => ({ ApiId: name, ApiEndpoint: deployedUrl(name) }),
  },
  'AWS::ApiGatewayV2::Stage': unnamed,
  'AWS::ApiGatewayV2::Integration': unnamed,
  'AWS::ApiGatewayV2::Route': unnamed,
  'AWS::ApiGatewayV2::Authorizer': unnamed,
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    ref: itself,
    attributes: (name) => ({ Arn: arn('events', `event-bus/${name}`), Name: name }),
  },
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    ref: itself,
    attributes: (name) => ({ Arn: arn('events', `rule/${name}`) }),
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    // The names of buckets are in lower case.
    ref: (name) => name.toLowerCase(),
    attributes: (name) => ({ Arn: `arn:aws:s3:::${name.toLowerCase()}` }),
  },
  'AWS::SES::ConfigurationSet': { nameProperty: 'Name', ref: itself, attributes: () => ({}) },
  'AWS::SES::ConfigurationSetEventDestination': unnamed,
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    ref: (name) => arn('secretsmanager', `secret:${name}`),
    attributes: () => ({}),
  },
  'AWS::SES::ReceiptRuleSet': { ...unnamed, nameProperty: 'RuleSetName' },
  'AWS::SES::ReceiptRule': unnamed,
  // Of all custom resources this one, read to the letter: the local desk has no other rule set that could be active.
  'Custom::ActiveReceiptRuleSet': unnamed,
  'AWS::Scheduler::Schedule': {
    nameProperty: 'Name',
    ref: itself,
    attributes: (name) => ({ Arn: arn('scheduler', `schedule/default/${name}`) }),
  },
  'AWS::SNS::Subscription': unnamed,
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    ref: (name) => arn('sns', name),
    attributes: (name) => ({ TopicArn: arn('sns', name), TopicName: name }),
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    ref: (name) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
    attributes: (name) => ({ Arn: arn('sqs', name), QueueName: name }),
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    ref: (name) => arn('states', `stateMachine:${name}`),
    attributes: (name) => ({ Arn: arn('states', `stateMachine:${name}`), Name: name }),
  },
};

/** Who may do what, what is logged and watched, where a dead letter may come from: nothing of it runs on one machine. */
export const INERT: ReadonlySet<string> = new Set([
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);
