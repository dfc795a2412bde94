/**
 * The routes that exist on this machine only: tokens, the clock, the mail, the executions, where everything is. They are no part of the
 * stack, so they can't be deployed. The trap: they need no token themselves, so a page from elsewhere must not be able to call them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DateTime, Duration } from 'luxon';
import * as z from 'zod';
import { LONGEST_MAIL_ADDRESS, MAIL_ADDRESS } from '../../../lambdas/domain/mail/address.ts';
import { Problem } from '../../../lambdas/handlers/commands/problem.ts';
import type { Activity } from '../activity.ts';
import type { DeskClock } from '../clock.ts';
import { readBody } from '../gateway/read-body.ts';
import { sendJson, sendProblem } from '../gateway/response.ts';
import type { LocalIssuer } from '../issuer.ts';
import { failureSchema } from '../mail/failing.ts';
import type { MailFailer } from '../mail/failing.ts';
import { arrivalSchema } from '../mail/receive.ts';
import type { MailReceiver } from '../mail/receive.ts';
import type { Outbox } from '../mail/outbox.ts';
import { deskPage, PAGE_HEADERS } from '../mail/page.ts';
import type { Mover } from './mover.ts';

export interface ControlOptions {
  readonly issuer: LocalIssuer;
  readonly clock: DeskClock;
  readonly mover: Mover;
  readonly outbox: Outbox;
  readonly executions: () => unknown;
  /** Where an operator's commands find the stack's parts. */
  readonly places: { readonly outputs: Readonly<Record<string, string>>; readonly endpoints: object };
  readonly receiver: MailReceiver;
  readonly fail: MailFailer;
  readonly activity: Activity;
}

/** Answers a request to `/local…`; false, and nothing sent, for any other path. */
export type ControlHandler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>;

type Route = (body: unknown, response: ServerResponse) => Promise<void> | void;

const LARGEST_BODY_BYTES = 100_000;
/** A message of the 40 MB that SES takes, in base64 or with its line breaks escaped. */
const LARGEST_MAIL_BODY_BYTES = 64 * 1024 * 1024;
const INBOUND_MAIL = '/local/mail/inbound';
/** A jump of decades is a mistyped date, and would fire every day of it. */
const LONGEST_MOVE_YEARS = 10;

export function controlRoutes(options: ControlOptions): ControlHandler {
  const { clock, outbox } = options;
  const routes = new Map<string, Route>([
    ['POST /local/token', tokenRoute(options)],
    ['POST /local/clock', moveRoute(options)],
    ['GET /local/clock', showing(() => ({ now: instant(clock.now()) }))],
    ['GET /local/mail', showing(() => outbox.all())],
    [`POST ${INBOUND_MAIL}`, inboundRoute(options)],
    ['POST /local/mail/bounce', bounceRoute(options)],
    ['GET /local/executions', showing(options.executions)],
    ['GET /local/stack', showing(() => ({ ...options.places, now: instant(clock.now()) }))],
    [
      'GET /local',
      (_, response) => {
        response.writeHead(200, PAGE_HEADERS).end(deskPage(clock.now(), outbox.all()));
      },
    ],
  ]);
  return async (request, response, path) => {
    if (path !== '/local' && !path.startsWith('/local/')) return false;
    try {
      if (request.headers['sec-fetch-site'] === 'cross-site') {
        throw new Problem('forbidden', 'The local routes are not for pages from elsewhere.');
      }
      const limit = path === INBOUND_MAIL ? LARGEST_MAIL_BODY_BYTES : LARGEST_BODY_BYTES;
      const body = await readBody(request, limit);
      if (body === undefined) throw new Problem('too-large', `This body may have ${limit} bytes and no more.`);
      const route = routes.get(`${request.method ?? ''} ${path}`);
      if (route === undefined) throw new Problem('not-found', 'There is no such local route.');
      await route(request.method === 'POST' ? parseJson(body) : undefined, response);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      sendProblem(response, error);
    }
    return true;
  };
}

const showing =
  (look: () => unknown): Route =>
  (_, response) => {
    sendJson(response, 200, look());
  };

const shortText = z.string().min(1).max(200);
/** Any combination of claims, as any issuer might give them: what they are good for is the API's business. */
const tokenSchema = z.strictObject({
  role: z.enum(['customer', 'engineer', 'manager']),
  account: shortText.optional(),
  email: z.email({ pattern: MAIL_ADDRESS }).max(LONGEST_MAIL_ADDRESS).optional(),
  tier: z.enum(['TS1', 'TS2', 'TS3']).optional(),
});

function tokenRoute({ issuer }: ControlOptions): Route {
  return async (body, response) => {
    sendJson(response, 200, { token: await issuer.token(parse(tokenSchema, body)) });
  };
}

function inboundRoute({ receiver }: ControlOptions): Route {
  return async (body, response) => {
    sendJson(response, 200, await receiver.receive(parse(arrivalSchema, body)));
  };
}

/** Answered when all that follows from the failure has settled. */
function bounceRoute({ fail, activity }: ControlOptions): Route {
  return async (body, response) => {
    const failed = fail(parse(failureSchema, body));
    await activity.settled();
    sendJson(response, 200, failed);
  };
}

const moveSchema = z.union([
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advance: z.iso.duration().max(100) }),
]);

function moveRoute({ mover }: ControlOptions): Route {
  return async (body, response) => {
    const move = parse(moveSchema, body);
    const now = await mover.move((from) => targetOf(move, from));
    sendJson(response, 200, { now: instant(now) });
  };
}

/** Where a move goes to, ms since the epoch. Years, months and days of a duration are counted in UTC. */
function targetOf(move: z.infer<typeof moveSchema>, from: number): number {
  const start = DateTime.fromMillis(from, { zone: 'utc' });
  const target = 'to' in move ? DateTime.fromISO(move.to) : start.plus(Duration.fromISO(move.advance));
  if (!target.isValid)
    throw new Problem('validation', 'The clock is moved "to" an instant or by an "advance" such as PT4H.');
  if (target < start) {
    throw new Problem('validation', `The clock moves forward only; it says ${instant(from)}.`, { now: instant(from) });
  }
  if (target > start.plus({ years: LONGEST_MOVE_YEARS })) {
    throw new Problem('validation', `The clock moves by at most ${LONGEST_MOVE_YEARS} years at once.`);
  }
  return target.toMillis();
}

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem('validation', 'The body does not fit this local route.', {
    issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Problem('validation', 'The body is not JSON.', {}, { cause });
  }
}
