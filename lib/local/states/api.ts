/**
 * The state machines as Step Functions speaks over HTTP (awsJson1.0), for the functions' own SDK clients. It knows the wire and
 * no more. The trap: moments go over the wire as seconds, not as text or milliseconds.
 */
import * as z from 'zod';
import { StatesError } from './failure.ts';
import type { StateMachines } from './service.ts';
import { statusSchema } from './standing.ts';
import type { HistoryEntry, Standing } from './standing.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}
/** Answers a request by its `X-Amz-Target` and its parsed body. */
export type Api = (target: string, body: unknown) => Promise<ApiAnswer>;

const page = { maxResults: z.number().int().min(0).max(1_000).default(100), nextToken: z.string().optional() };
const arn = z.string().min(1).max(256);
const token = z.string().min(1).max(2_048);

const operation =
  <Body>(schema: z.ZodType<Body>, run: (machines: StateMachines, body: Body) => object) =>
  (machines: StateMachines, body: unknown): object => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new StatesError('ValidationException', z.prettifyError(parsed.error));
    return run(machines, parsed.data);
  };

const operations = new Map(
  Object.entries({
    StartExecution: operation(
      z.object({ stateMachineArn: arn, name: z.string().optional(), input: z.string().optional() }),
      (machines, body) => {
        const { executionArn, startedAt } = machines.startExecution(body);
        return { executionArn, startDate: seconds(startedAt) };
      },
    ),
    StopExecution: operation(
      z.object({ executionArn: arn, error: z.string().optional(), cause: z.string().optional() }),
      (machines, { executionArn, error, cause }) => {
        machines.stopExecution(executionArn, error, cause);
        return { stopDate: seconds(machines.describeExecution(executionArn).stoppedAt ?? 0) };
      },
    ),
    DescribeExecution: operation(z.object({ executionArn: arn }), (machines, { executionArn }) => {
      const standing = machines.describeExecution(executionArn);
      const { input, output, error, cause } = standing;
      return { ...summary(standing), input, output, error, cause };
    }),
    ListExecutions: operation(
      z.object({ stateMachineArn: arn, statusFilter: statusSchema.optional(), ...page }),
      (machines, { stateMachineArn, statusFilter, ...wanted }) => {
        const { items, nextToken } = cut(machines.listExecutions(stateMachineArn, statusFilter), wanted);
        return { executions: items.map(summary), nextToken };
      },
    ),
    GetExecutionHistory: operation(
      z.object({ executionArn: arn, reverseOrder: z.boolean().default(false), ...page }),
      (machines, { executionArn, reverseOrder, ...wanted }) => {
        const events = machines.executionHistory(executionArn).map(historyEvent);
        const { items, nextToken } = cut(reverseOrder ? events.reverse() : events, wanted);
        return { events: items, nextToken };
      },
    ),
    SendTaskSuccess: operation(z.object({ taskToken: token, output: z.string() }), (machines, body) => {
      machines.sendTaskSuccess(body.taskToken, body.output);
      return {};
    }),
    SendTaskFailure: operation(
      z.object({ taskToken: token, error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
      (machines, body) => {
        machines.sendTaskFailure(body.taskToken, body.error, body.cause);
        return {};
      },
    ),
  }),
);

/** The API over these state machines; errors come as answers, in the form that the SDK reads. */
export const statesApi =
  (machines: StateMachines): Api =>
  (target, body) =>
    new Promise((resolve) => {
      resolve(answer(machines, target, body));
    });

const answer = (machines: StateMachines, target: string, body: unknown): ApiAnswer => {
  const run = operations.get(target.replace(/^AWSStepFunctions\./, ''));
  if (run === undefined) {
    return refusal('UnknownOperationException', `${target} is not supported by the local desk`);
  }
  try {
    return { status: 200, body: run(machines, body) };
  } catch (error) {
    if (error instanceof StatesError) return refusal(error.code, error.message);
    throw error;
  }
};

const refusal = (code: string, message: string): ApiAnswer => ({ status: 400, body: { __type: code, message } });

const seconds = (at: number): number => at / 1_000;

const summary = ({ arn: executionArn, machineArn, name, status, startedAt, stoppedAt }: Standing): object => ({
  ...{ executionArn, stateMachineArn: machineArn, name, status, startDate: seconds(startedAt) },
  stopDate: stoppedAt === undefined ? undefined : seconds(stoppedAt),
});

const historyEvent = ({ type, at, state, error, cause }: HistoryEntry, index: number): object => {
  const event = { id: index + 1, previousEventId: index, timestamp: seconds(at), type };
  const details = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
  if (type.endsWith('StateEntered')) return { ...event, stateEnteredEventDetails: { name: state } };
  if (error === undefined) return event;
  return { ...event, [details]: { error, cause } };
};

/** A page token is the number of items that came before. */
const cut = <T>(
  items: T[],
  { maxResults, nextToken = '0' }: { maxResults: number; nextToken?: string | undefined },
): { items: T[]; nextToken: string | undefined } => {
  if (!/^\d{1,9}$/.test(nextToken)) throw new StatesError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const from = Number(nextToken);
  const to = from + (maxResults === 0 ? 100 : maxResults);
  return { items: items.slice(from, to), nextToken: to < items.length ? String(to) : undefined };
};
