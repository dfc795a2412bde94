/**
 * Runs the template's functions as Lambda does: JSON in, JSON out, a context, the configured timeout in real time, and errors
 * reported by type and message. It must not know who calls. The trap: a function that ran into its timeout can't be killed in
 * this process; its late result is dropped, what it still writes is not.
 */
import { randomUUID } from 'node:crypto';
import type { Activity } from '../activity.ts';
import { ACCOUNT, LOCAL_KEYS, REGION } from '../template/resolve.ts';
import type { FunctionPlan } from '../template/function-plan.ts';
import type { Bundles } from './bundle.ts';
import { evaluate } from './sandbox.ts';
import type { Log } from './sandbox.ts';
import { signing, SIGNATURES } from './signatures.ts';
import { TRANSPORT } from './transport.ts';
import type { Transport } from './transport.ts';

/** A failed invocation, in the form in which Lambda reports it. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
export type InvocationResult =
  | { readonly requestId: string; readonly payload: unknown; readonly failure?: undefined }
  | { readonly requestId: string; readonly failure: FunctionFailure };

type Handler = (event: unknown, context: object) => unknown;

/** An invocation that is about to begin. */
export interface Invocation {
  readonly plan: FunctionPlan;
  readonly payload: unknown;
  readonly requestId: string;
}
/** Stands around each invocation: it may run it, run it twice, or answer in its place, as a machine does that fails under it. */
export type Around = (invocation: Invocation, run: () => Promise<InvocationResult>) => Promise<InvocationResult>;

export interface FunctionsOptions {
  readonly plans: readonly FunctionPlan[];
  readonly bundles: Bundles;
  /** Variables that every function gets besides its own: where the services are. */
  readonly environment: Readonly<Record<string, string>>;
  /** How the SDK's clients reach the services; in the SDK's own way where it is absent. */
  readonly transport?: Transport;
  readonly activity: Activity;
  readonly log: Log;
  /** The present that functions see, in ms since the epoch; the machine's where it is absent. */
  readonly now?: () => number;
  /** Puts values in the place of what an environment only refers to; absent where none refers to anything. */
  readonly resolve?: (value: string) => string;
  readonly around?: Around | undefined;
  /** Called after each invocation: it may have written something that others wait for. */
  readonly afterInvocation: () => void;
}

export class LocalFunctions {
  readonly #options: FunctionsOptions;
  readonly #handlers = new Map<string, Handler>();
  #plans: ReadonlyMap<string, FunctionPlan>;
  #bundles: Bundles;
  #libraries: Readonly<Record<string, unknown>> | undefined;

  constructor(options: FunctionsOptions) {
    this.#options = options;
    this.#plans = byReference(options.plans);
    this.#bundles = options.bundles;
  }

  /** Replaces the functions: what runs goes on as it began, and every later invocation begins cold. */
  deploy(plans: readonly FunctionPlan[], bundles: Bundles): void {
    this.#plans = byReference(plans);
    this.#bundles = bundles;
    this.#libraries = undefined;
    this.#handlers.clear();
  }

  /** The plan of a function, by its ARN or name. Throws for one that the template does not hold. */
  plan(reference: string): FunctionPlan {
    const plan = this.#plans.get(reference);
    if (plan === undefined) throw new Error(`The template holds no function ${reference}.`);
    return plan;
  }

  /** Runs a function, named by its ARN or name. Failures are results; it throws only for a function that does not exist. */
  async invoke(reference: string, payload: unknown, requestId: string = randomUUID()): Promise<InvocationResult> {
    const plan = this.plan(reference);
    const run = () => this.#run(plan, payload, requestId);
    const { activity, around = straight } = this.#options;
    const result = await activity.run(() => around({ plan, payload, requestId }, run));
    if (result.failure) this.#options.log(`${plan.name} failed: ${JSON.stringify(result.failure)}`);
    this.#options.afterInvocation();
    return result;
  }

  async #run(plan: FunctionPlan, payload: unknown, requestId: string): Promise<InvocationResult> {
    const startedAt = performance.now();
    const limit = plan.timeoutSeconds * 1000;
    const timeout = new Timeout(limit);
    try {
      const context = {
        ...contextOf(plan, requestId),
        getRemainingTimeInMillis: () => Math.max(0, Math.round(limit - (performance.now() - startedAt))),
      };
      const call = Promise.resolve().then(() => this.#handler(plan)(asJson(payload), context));
      const answer = await Promise.race([call, timeout.passed]);
      if (answer === Timeout) return { requestId, failure: timedOut(plan, requestId) };
      return { requestId, payload: asJson(answer) };
    } catch (error) {
      return { requestId, failure: describe(error) };
    } finally {
      timeout.clear();
    }
  }

  /** Loads a function when it is first called, as a cold start does. */
  #handler(plan: FunctionPlan): Handler {
    const loaded = this.#handlers.get(plan.arn);
    if (loaded) return loaded;
    const { environment, log, now, transport, resolve = (value: string) => value } = this.#options;
    this.#libraries ??= evaluate({
      code: this.#bundles.shared,
      filename: 'shared libraries',
      environment: { ...REGION_AND_KEYS, ...environment },
      log,
      libraries: transport === undefined ? {} : { [TRANSPORT]: transport, [SIGNATURES]: signing },
    });
    const own = Object.entries(plan.environment).map(([name, value]) => [name, resolve(value)] as const);
    const exported = evaluate({
      code: this.#bundles.scripts[plan.entry] ?? '',
      filename: plan.entry,
      environment: { ...runtimeEnvironment(plan), ...environment, ...Object.fromEntries(own) },
      log,
      now,
      libraries: this.#libraries,
    })[plan.handler];
    if (typeof exported !== 'function') throw new Error(`${plan.entry} exports no function "${plan.handler}".`);
    const handler = exported as Handler;
    this.#handlers.set(plan.arn, handler);
    return handler;
  }
}

const straight: Around = (_invocation, run) => run();

const byReference = (plans: readonly FunctionPlan[]): ReadonlyMap<string, FunctionPlan> =>
  new Map(plans.flatMap((plan) => [[plan.arn, plan] as const, [plan.name, plan] as const]));

/** Tells when an invocation has taken too long, by resolving to the class itself. */
class Timeout {
  readonly passed: Promise<typeof Timeout>;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.passed = new Promise((resolve) => {
      this.#timer = setTimeout(() => {
        resolve(Timeout);
      }, milliseconds);
    });
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** The keys are made up: only a link to an object has its signature checked. */
const REGION_AND_KEYS = {
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: LOCAL_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: LOCAL_KEYS.secretAccessKey,
  // The SDK's warning about the Node of this machine: the one that is deployed to is newer.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** What Lambda itself puts into a function's environment. */
function runtimeEnvironment(plan: FunctionPlan): Record<string, string> {
  return {
    ...REGION_AND_KEYS,
    AWS_LAMBDA_FUNCTION_NAME: plan.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(plan.memoryMegabytes),
    ...(plan.applicationLogLevel !== undefined && { AWS_LAMBDA_LOG_LEVEL: plan.applicationLogLevel }),
    TZ: ':UTC',
  };
}

function contextOf(plan: FunctionPlan, requestId: string): object {
  return {
    awsRequestId: requestId,
    functionName: plan.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: plan.arn,
    memoryLimitInMB: String(plan.memoryMegabytes),
    logGroupName: `/aws/lambda/${plan.name}`,
    logStreamName: `local/${ACCOUNT}`,
    callbackWaitsForEmptyEventLoop: true,
  };
}

/** What is left of a value on its way through JSON; `undefined` arrives as null, as it does from Lambda. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);
}

function timedOut(plan: FunctionPlan, requestId: string): FunctionFailure {
  const seconds = plan.timeoutSeconds.toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

function describe(error: unknown): FunctionFailure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
