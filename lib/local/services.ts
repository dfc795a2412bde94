/**
 * The services that functions call and that call functions, wired to each other from a blueprint. It must not know how the desk
 * is started. The trap: they need each other in a circle, so nothing here runs before `start`, when all of them are there.
 */
import type { Activity } from './activity.ts';
import { AwsError } from './aws/aws-error.ts';
import { announce, eventBus } from './aws/bus.ts';
import { startAwsEndpoint } from './aws/endpoint.ts';
import { topics } from './aws/topics.ts';
import type { Publish } from './aws/topics.ts';
import { clientOver, DYNAMODB, jsonClient, sender } from './aws/json-client.ts';
import type { JsonClient } from './aws/json-client.ts';
import { objectService } from './aws/objects.ts';
import { queueService } from './aws/queues.ts';
import type { Objects } from './aws/objects.ts';
import { linkChecker } from './aws/signed-links.ts';
import type { AwsEndpoint, JsonService } from './aws/endpoint.ts';
import type { DeskClock } from './clock.ts';
import { AsynchronousInvocations } from './functions/asynchronous.ts';
import type { Bundles } from './functions/bundle.ts';
import { DeadLetters } from './functions/dead-letters.ts';
import { LocalFunctions } from './functions/functions.ts';
import { MetricCounts } from './functions/metrics.ts';
import type { Around, FunctionFailure } from './functions/functions.ts';
import type { Log } from './functions/sandbox.ts';
import { transport } from './functions/transport.ts';
import type { Journal } from './journal.ts';
import type { Outbox } from './mail/outbox.ts';
import { mailService } from './mail/ses.ts';
import { Schedules } from './schedules.ts';
import { statesApi } from './states/api.ts';
import { statusChange } from './states/status-change.ts';
import type { Api } from './states/api.ts';
import { dynamoDbIntegration } from './states/dynamodb.ts';
import { StateMachines } from './states/service.ts';
import { BuriedRecords } from './streams/buried.ts';
import { ChangeLog } from './streams/change-log.ts';
import type { StreamRecord } from './streams/change-log.ts';
import { StreamMapping } from './streams/stream-mapping.ts';
import { Streams } from './streams/streams.ts';
import type { Blueprint } from './template/blueprint.ts';
import { withLateValues } from './template/late-values.ts';
import type { LateValues } from './template/late-values.ts';

export interface ServicesOptions {
  readonly blueprint: Blueprint;
  readonly bundles: Bundles;
  readonly engineEndpoint: string;
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly objects: Objects;
  /** What the environments of functions refer to. */
  readonly late: LateValues;
  readonly log: Log;
  readonly onError: (error: unknown) => void;
  readonly around?: Around | undefined;
}

export class Services {
  readonly functions: LocalFunctions;
  readonly machines: StateMachines;
  readonly schedules: Schedules;
  readonly deadLetters: DeadLetters;
  readonly metrics = new MetricCounts();
  /** DynamoDB as everybody on the desk calls it, so that the streams know of what is written. */
  readonly tables: JsonClient;
  /** Publishes to a topic of the template. */
  readonly publish: Publish;
  readonly #endpoint: AwsEndpoint;
  readonly #asynchronous: AsynchronousInvocations;
  readonly #streams: Streams;

  /** The private server is up, and nothing else runs. */
  static async create(options: ServicesOptions): Promise<Services> {
    const { blueprint, clock, outbox, objects, journal, onError } = options;
    const endpoint = await startAwsEndpoint({
      json: {
        AWSStepFunctions: (operation, input) => statesService(statesApi(services.machines))(operation, input),
        AWSEvents: eventBus({
          ...blueprint,
          clock,
          accept: (arn, event) => {
            services.#asynchronous.accept(arn, event);
          },
        }),
        AmazonSQS: queueService(() => services.deadLetters, clock),
        DynamoDBStreams_20120810: new BuriedRecords(journal, clock).service,
      },
      invoke: (name, event) => services.functions.invoke(name, event),
      query: mailService(
        outbox,
        blueprint.mailEvents.map(({ configurationSet }) => configurationSet),
      ),
      objects: objectService(
        objects,
        linkChecker(() => clock.now()),
      ),
      onError,
    });
    const services = new Services(options, endpoint);
    return services;
  }

  private constructor(options: ServicesOptions, endpoint: AwsEndpoint) {
    const { blueprint, bundles, engineEndpoint, clock, activity, journal, late, log, onError, around } = options;
    const apiIds = [...new Set(blueprint.routes.map(({ apiId }) => apiId))];
    const call = jsonClient(engineEndpoint, DYNAMODB);
    const changes = new ChangeLog({ ...blueprint, call, journal });
    this.#endpoint = endpoint;
    this.tables = noting(changes, engineEndpoint);
    this.functions = new LocalFunctions({
      ...{ plans: blueprint.functions, bundles, activity, around, log: this.metrics.around(log) },
      transport: transport(engineEndpoint, changes),
      environment: endpoints(engineEndpoint, endpoint.url),
      now: () => clock.now(),
      resolve: (value) => withLateValues(value, apiIds, late),
      afterInvocation: () => {
        this.#streams.touch();
      },
    });
    const { functions } = this;
    const invoke = (arn: string, event: unknown) => functions.invoke(arn, event);
    this.deadLetters = new DeadLetters(journal, log);
    const { deadLetters } = this;
    this.#asynchronous = new AsynchronousInvocations({ functions, deadLetters, clock, activity, journal });
    this.publish = topics({ subscriptions: blueprint.subscriptions, clock, accept: this.accept });
    this.schedules = new Schedules({ plans: blueprint.schedules, clock, journal, accept: this.accept });
    const buried = new BuriedRecords(journal, clock);
    const keepBuried = (records: readonly StreamRecord[]) => {
      buried.keep(records);
    };
    const mappings = blueprint.mappings.map(
      (plan) => new StreamMapping({ plan, log: changes, invoke, clock, activity, deadLetters, keepBuried }),
    );
    this.#streams = new Streams({ mappings, clock, activity, onError });
    this.machines = new StateMachines({
      ...{ clock, activity, journal },
      machines: blueprint.stateMachines,
      onClosed: (standing) => {
        announce(statusChange(standing), { rules: blueprint.rules, clock, accept: this.accept });
      },
      integrations: {
        dynamodb: this.#tableIntegration(),
        invokeFunction: (arn, input) => this.#call(arn, input),
      },
    });
  }

  /** Takes an event for a function, to run it later. */
  readonly accept = (arn: string, event: unknown): void => {
    this.#asynchronous.accept(arn, event);
  };

  /** Where Step Functions, EventBridge and SES answer, for the AWS SDK or the AWS CLI. */
  get endpoint(): string {
    return this.#endpoint.url;
  }

  /** Replaces functions and state machines under whatever runs, as a deployment does. */
  deploy({ functions, stateMachines }: Blueprint, bundles: Bundles): void {
    this.functions.deploy(functions, bundles);
    this.machines.deploy(stateMachines);
  }

  /** Takes up what a former run left, and lets everything run but the schedules. */
  async start(): Promise<void> {
    // What streams bring may be for an execution, and what they lead to may be accepted already: both are there first.
    this.machines.resume();
    await this.#asynchronous.resume();
    this.#streams.start();
  }

  async stop(): Promise<void> {
    this.#streams.stop();
    await this.#endpoint.stop();
  }

  /** What the state machine writes may be news for a stream. */
  #tableIntegration(): ReturnType<typeof dynamoDbIntegration> {
    const integration = dynamoDbIntegration(this.tables);
    return {
      getItem: (args) => integration.getItem(args),
      updateItem: async (args) => {
        const answer = await integration.updateItem(args);
        this.#streams.touch();
        return answer;
      },
    };
  }

  async #call(arn: string, input: unknown): Promise<unknown> {
    const result = await this.functions.invoke(arn, input);
    if (result.failure) throw thrownBy(result.failure);
    return result.payload;
  }
}

/** DynamoDB with a change log that sees what is written. */
function noting(changes: ChangeLog, endpoint: string): JsonClient {
  const send = sender(endpoint, DYNAMODB);
  return clientOver((operation, body) => changes.around(operation, body, () => send(operation, body)));
}

/** The SDK's own variables for where each service is. */
function endpoints(dynamodb: string, others: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SFN: others,
    AWS_ENDPOINT_URL_EVENTBRIDGE: others,
    AWS_ENDPOINT_URL_SES: others,
    AWS_ENDPOINT_URL_S3: others,
  };
}

const statesService =
  (api: Api): JsonService =>
  async (operation, input) => {
    const { status, body } = await api(`AWSStepFunctions.${operation}`, input);
    if (status === 200) return body;
    const { __type: code, message } = body as { __type: string; message: string };
    throw new AwsError(code, message);
  };

/** An error that looks as the handler's own did. */
function thrownBy({ errorType, errorMessage, trace }: FunctionFailure): Error {
  const error = new Error(errorMessage);
  error.name = errorType;
  error.stack = (trace ?? []).join('\n');
  return error;
}
