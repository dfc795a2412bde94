/** What the API's handlers work with; made once when the function starts. */
import type { Desk } from '../commands/desk.ts';
import type { Files } from '../files.ts';
import type { MailSettings } from '../inbound/settings.ts';
import type { RatingTokens } from '../mail/reply-address.ts';
import type { Call } from './call.ts';
import type { Mutation } from './mutation.ts';
import type { ApiFunction, Contract, OperationId, OperationIdOf } from './operations.ts';

export interface ApiDesk extends Desk {
  /** Where mails and their files are kept; absent where none come in. */
  readonly files?: Files | undefined;
  /** Absent where the desk takes no mail in. */
  readonly mail?: MailSettings | undefined;
  /** Reads the tokens of rating links; absent where the desk has no secret to sign them with. */
  readonly ratingTokens?: RatingTokens | undefined;
}

/** What an operation answers that names a content type of its own. */
export interface Page {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What each function works with. */
export interface Desks {
  readonly api: ApiDesk;
  readonly files: Pick<ApiDesk, 'table' | 'files'>;
  readonly quarantine: ApiDesk;
  readonly erasure: ApiDesk;
}
/** A function whose operations are calls of the desk; the contract's document is none. */
export type DeskFunctionName = ApiFunction & keyof Desks;

/** Answers an operation that changes nothing. */
export type Query<Id extends OperationId, OneDesk> = (desk: OneDesk, call: Call<Id>) => Promise<unknown>;

type QueryId = {
  [Id in OperationId]: Contract[Id]['method'] extends 'GET' ? Id : Id extends 'quoteTicket' ? Id : never;
}[OperationId];

export type Queries<Function extends DeskFunctionName = 'api'> = {
  readonly [Id in QueryId & OperationIdOf<Function>]: Query<Id, Desks[Function]>;
};
export type Mutations<Function extends DeskFunctionName = 'api'> = {
  readonly [Id in Exclude<OperationIdOf<Function>, QueryId>]: (desk: Desks[Function]) => Mutation<Call<Id>>;
};
