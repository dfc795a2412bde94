/**
 * How a request changes something: read what it is about (with its idempotency key) in one round trip, let the rules decide, and
 * write change and answer in one transaction. Where something changed in between, all of it is done again.
 */
import { createHash } from 'node:crypto';
import { quotasOf, type Quota, type QuotaLimits } from '../../domain/account/quota.ts';
import { attempt } from '../../store/attempt.ts';
import type { Answer } from '../../store/answers.ts';
import { commit, type Change } from '../../store/commit.ts';
import { readTogether, type Found, type Wanted } from '../../store/read.ts';
import type { Table } from '../../store/table.ts';
import type { Call } from './call.ts';
import type { DeskFunctionName, Desks, Mutations } from './desk.ts';
import type { Operation } from './operation.ts';
import { Problem } from '../commands/problem.ts';
import { replyOf, type Reply, type Run } from './reply.ts';

export interface Mutation<OneCall> {
  /** The records that the decision needs. */
  readonly wants: (call: OneCall) => Omit<Wanted, 'answer'>;
  /** What the rules decide, and what is answered when it is written. Throws a Problem where they refuse. */
  readonly decide: (call: OneCall, found: Found) => Decided | Promise<Decided>;
  /** How much the account's own people may do; without limits nothing is counted. */
  readonly limits?: QuotaLimits;
}

export interface Decided {
  readonly change: Change;
  readonly body: unknown;
}

/** What makes two requests the same: the operation, what it is about, and the body with its defaults filled in. */
const hashOf = (operation: Operation, { params, body }: Call): string =>
  createHash('sha256')
    .update(JSON.stringify([operation.operationId, params, body]))
    .digest('base64url');

const replay = (answer: Answer, hash: string): Reply => {
  const { status, body, headers = {} } = answer;
  if (answer.hash === hash) return { status, body, headers, replayed: true };
  throw new Problem('idempotency-mismatch', 'This Idempotency-Key was used for another request; choose a new key.');
};

/** Whoever holds the link of a letter is a customer of the ticket's account, and counts as one. */
const quotasFor = ({ limits }: Mutation<Call>, { caller, now }: Call, change: Change): readonly Quota[] => {
  const { ticket, opened = [] } = change;
  if (!limits) return [];
  const openings = opened.length + (ticket && !ticket.before ? 1 : 0);
  const { role: by, accountId = ticket?.after.accountId } = caller;
  return quotasOf({ by, accountId, ticketId: ticket?.after.ticketId, openings }, limits, now);
};

/** Runs a mutation once, however often its request is sent under the same idempotency key. */
export const runMutation = (
  table: Table,
  operation: Operation,
  mutation: Mutation<Call>,
  call: Call,
): Promise<Reply> => {
  const { caller, idempotencyKey: key, now } = call;
  const asked = key === undefined ? undefined : { caller: caller.id, key, now };
  const hash = hashOf(operation, call);
  return attempt(async () => {
    const found = await readTogether(table, { ...mutation.wants(call), answer: asked });
    if (found.answer) return replay(found.answer, hash);
    const { change, body } = await mutation.decide(call, found);
    const reply = replyOf(operation, body);
    const answer = asked && { caller: asked.caller, key: asked.key, hash, ...reply, at: now };
    const outcome = await commit(table, { ...change, answer, quotas: quotasFor(mutation, call, change) });
    return outcome === 'committed' ? reply : 'stale';
  });
};

type AnyMutation = (desk: Desks[DeskFunctionName]) => Mutation<Call>;

/** Runs those of a function's operations that change something. */
export const changing =
  <Function extends DeskFunctionName>(
    desk: Desks[Function],
    mutations: Mutations<Function>,
    limits?: QuotaLimits,
  ): Run =>
  (operation, call) => {
    const mutation = (mutations as Readonly<Record<string, AnyMutation>>)[operation.operationId];
    return mutation && runMutation(desk.table, operation, { ...mutation(desk), ...(limits && { limits }) }, call);
  };
