/**
 * The smoke test: plays the main job once against a running desk, over HTTP alone, and stops at the first thing that is not as it should
 * be. What it leaves behind is one closed ticket of an account of its own, on a plan that charges nothing, whose mail goes to an
 * address that SES keeps for such tests. The trap: it sees what callers see; clocks and mails are the alarms' business.
 */
import * as z from 'zod';

export interface SmokeOptions {
  readonly url: string;
  /** Bearer tokens of the vendor's people: the manager makes the account, the engineer works on the ticket. */
  readonly manager: string;
  readonly engineer: string;
  /** The account of an earlier run; without it one is made. */
  readonly accountId?: string | undefined;
  /** Makes this run's ticket another one than the last run's. */
  readonly run: string;
  /** Hears of each step that went well. */
  readonly tell: (step: string) => void;
}

/** What is wrong, in one sentence that names the step and the call. */
class SmokeError extends Error {
  override readonly name = 'SmokeError';
}

/** Takes calls by telephone, which is how an engineer opens a ticket, and charges nothing. */
const PLAN = 'luxsci-flat-users';
const CONTACT = 'success@simulator.amazonses.com';
/** Longer than the function itself may take. */
const PATIENCE_MS = 30_000;

interface Request {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly key?: string;
  readonly expected: number;
}

interface Answered {
  readonly body: unknown;
  readonly headers: Headers;
}

const problemSchema = z.object({ detail: z.string().optional(), message: z.string().optional() });

const send = async (url: string, { method = 'GET', path, token, body, key, expected }: Request): Promise<Answered> => {
  const call = `${method} ${path}`;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => {
    throw new SmokeError(`${call} was not answered: ${String(cause)}`, { cause });
  });
  const text = await response.text();
  const json: unknown = parse(text);
  if (response.status === expected) return { body: json, headers: response.headers };
  const { detail, message } = problemSchema.safeParse(json).data ?? {};
  throw new SmokeError(
    `${call} was answered with ${String(response.status)} and not ${String(expected)}: ${detail ?? message ?? text.slice(0, 200)}`,
  );
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const read = <Schema extends z.ZodType>(schema: Schema, { body }: Answered, what: string): z.output<Schema> => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SmokeError(`${what} has another form: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
};

const insist = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new SmokeError(otherwise);
};

const contractSchema = z.object({ openapi: z.string().startsWith('3.'), paths: z.record(z.string(), z.unknown()) });
const accountSchema = z.object({ accountId: z.string() });
const promiseSchema = z.object({
  charge: z.object({ unit: z.string(), amount: z.number() }),
  targets: z.array(z.object({ kind: z.string() })),
});
const quoteSchema = promiseSchema.extend({ refusal: z.unknown().optional() });
const ticketSchema = promiseSchema.extend({ ticketId: z.string(), status: z.string() });
const timelineSchema = z.object({ items: z.array(z.object({ type: z.string() })) });

type Send = (request: Request) => Promise<Answered>;

const checkDoors = async (call: Send, { manager, tell }: SmokeOptions): Promise<void> => {
  const { paths } = read(contractSchema, await call({ path: '/v1/openapi.json', expected: 200 }), 'the contract');
  insist('/v1/tickets' in paths, 'the contract names no /v1/tickets');
  tell(`the contract is served: ${String(Object.keys(paths).length)} paths`);
  await call({ path: '/v1/plans', expected: 401 });
  await call({ path: '/v1/plans', token: `${manager.slice(0, -4)}AAAA`, expected: 401 });
  tell('nobody comes in without a token, or with one whose signature is wrong');
};

const accountOf = async (call: Send, { manager: token, accountId, tell }: SmokeOptions): Promise<string> => {
  if (accountId !== undefined) {
    await call({ path: `/v1/accounts/${accountId}`, token, expected: 200 });
    tell(`the account ${accountId} is there`);
    return accountId;
  }
  const contacts = [{ email: CONTACT, name: 'Smoke test', role: 'administrator' }];
  const body = { name: 'Smoke test', planId: PLAN, timeZone: 'Etc/UTC', region: 'US', contacts };
  const made = await call({ method: 'POST', path: '/v1/accounts', token, body, key: 'smoke-test', expected: 201 });
  const account = read(accountSchema, made, 'the account');
  tell(`the account ${account.accountId} is there; give it as --account next time`);
  return account.accountId;
};

const openTicket = async (call: Send, options: SmokeOptions, accountId: string): Promise<string> => {
  const { engineer: token, run: key, tell } = options;
  const body = { accountId, channel: 'phone', subject: 'Smoke test', description: `The run ${key}.` };
  const quoted = await call({ method: 'POST', path: '/v1/quotes', token, body, expected: 200 });
  const quote = read(quoteSchema, quoted, 'the quote');
  insist(quote.refusal === undefined, `the quote refuses: ${JSON.stringify(quote.refusal)}`);
  tell(`a quote tells cost and deadlines: ${String(quote.charge.amount)} ${quote.charge.unit}`);
  const opening: Request = { method: 'POST', path: '/v1/tickets', token, body, key, expected: 201 };
  const ticket = read(ticketSchema, await call(opening), 'the ticket');
  insist(ticket.status === 'open', `the new ticket is ${ticket.status}`);
  insist(ticket.charge.amount === quote.charge.amount, 'the ticket costs something else than was quoted');
  const again = await call(opening);
  insist(read(ticketSchema, again, 'the ticket').ticketId === ticket.ticketId, 'the same request opened two tickets');
  insist(again.headers.get('idempotency-replayed') === 'true', 'the repeated request was not known as one');
  tell(`the ticket ${ticket.ticketId} was opened, once, though it was asked for twice`);
  return ticket.ticketId;
};

const workOn = async (call: Send, { engineer: token, tell }: SmokeOptions, ticketId: string): Promise<void> => {
  const path = `/v1/tickets/${ticketId}`;
  const post = (name: string, body: object, expected: number) =>
    call({ method: 'POST', path: `${path}/${name}`, token, body, expected });
  await post('messages', { body: 'This is a test.', visibility: 'public' }, 201);
  tell('an engineer’s message was taken');
  const timeline = read(timelineSchema, await call({ path: `${path}/timeline`, token, expected: 200 }), 'the timeline');
  const types = timeline.items.map(({ type }) => type);
  for (const type of ['opened', 'message', 'answered']) insist(types.includes(type), `the timeline has no ${type}`);
  tell(`the timeline tells it: ${types.join(', ')}`);
  await post('resolve', { summary: 'The test is over.' }, 200);
  const { status } = read(ticketSchema, await post('close', {}, 200), 'the ticket');
  insist(status === 'closed', `the closed ticket is ${status}`);
  tell('the ticket is closed');
};

/** Rejects with a SmokeError at the first step that fails. */
export const smoke = async (options: SmokeOptions): Promise<void> => {
  const call: Send = (request) => send(options.url, request);
  await checkDoors(call, options);
  const accountId = await accountOf(call, options);
  await workOn(call, options, await openTicket(call, options, accountId));
};
