/** What a call is answered with, before it is an answer of HTTP; and how a call that changes nothing comes by it. */
import type { Call } from './call.ts';
import type { DeskFunctionName, Desks, Page, Queries } from './desk.ts';
import type { Operation } from './operation.ts';

export interface Reply {
  readonly status: number;
  /** JSON text, or the text of a page. */
  readonly body: string;
  /** Headers beside the content type. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer to an earlier request with the same key. */
  readonly replayed?: boolean;
}

/** Runs a call; undefined where it does not know the operation. */
export type Run = (operation: Operation, call: Call) => Promise<Reply> | undefined;

/** JSON, unless the operation's content type says that its handler answers a page. */
export const replyOf = ({ success: { status, contentType } }: Operation, answered: unknown): Reply => {
  if (contentType === undefined) return { status, body: JSON.stringify(answered) };
  const { text, headers } = answered as Page;
  return { status, body: text, headers };
};

type AnyQuery = (desk: Desks[DeskFunctionName], call: Call) => Promise<unknown>;

/** Runs those of a function's operations that change nothing. */
export const asking =
  <Function extends DeskFunctionName>(desk: Desks[Function], queries: Queries<Function>): Run =>
  (operation, call) => {
    const query = (queries as Readonly<Record<string, AnyQuery>>)[operation.operationId];
    return query?.(desk, call).then((answered) => replyOf(operation, answered));
  };
