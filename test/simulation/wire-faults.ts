/**
 * What goes wrong with a call: the function dies before it or after it took effect, the answer is lost, the table is throttled or its
 * transaction conflicts, Step Functions refuses a start, a signal comes late, never, or finds its token expired. Each fault is one that
 * the service behind the call has, in the words in which it has it. The trap: a fault that clients try again by themselves is no fault
 * for the desk unless it lasts, so some must not be of that kind.
 */
import type { Chance } from './chance.ts';
import type { Response } from './network.ts';
import type { Call } from './world.ts';

/** What becomes of a call. */
export type Fate =
  | { readonly kind: 'well' }
  /** The function dies before the call leaves it, or after it took effect. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' }
  /** It took effect, and the connection broke before the answer. */
  | { readonly kind: 'lost' }
  /** It did not take effect, and this is what is answered. */
  | { readonly kind: 'refused'; readonly answer: Response }
  /** It took effect, and this is what is answered. */
  | { readonly kind: 'denied'; readonly answer: Response }
  /** It is answered, and takes effect so many ms later. */
  | { readonly kind: 'late'; readonly byMs: number; readonly answer: Response };

const json = (status: number, body: object): Response => {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'content-length': String(bytes.length) },
    body: bytes,
  };
};
const refusal = (type: string, more: object = {}): Response =>
  json(400, { __type: `com.amazonaws#${type}`, message: 'One of the faults of this simulation.', ...more });

const xmlRefusal = (code: string): Response => {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>One of the faults of this simulation.</Message></Error>`;
  const body = Buffer.from(`<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`);
  return { status: 400, headers: { 'content-type': 'text/xml', 'content-length': String(body.length) }, body };
};

/** A transaction that was cancelled because of one of its items. */
const cancelled = (body: string, code: string, chance: Chance): Response => {
  const { TransactItems } = JSON.parse(body) as { TransactItems: unknown[] };
  const guilty = chance.below(TransactItems.length);
  const reasons = TransactItems.map((_, place) => ({ Code: place === guilty ? code : 'None' }));
  return refusal('TransactionCanceledException', { CancellationReasons: reasons });
};

const refused = (answer: Response): Fate => ({ kind: 'refused', answer });
const well: Fate = { kind: 'well' };

const ofTable = ({ operation, body }: Call, chance: Chance): Fate => {
  if (operation.endsWith('.TransactWriteItems')) {
    const what = chance.weighted({ conflict: 10, throttle: 5, well: 985 });
    if (what === 'conflict') return refused(cancelled(body, 'TransactionConflict', chance));
    return what === 'throttle' ? refused(cancelled(body, 'ThrottlingError', chance)) : well;
  }
  return chance.happens(0.005) ? refused(refusal('ProvisionedThroughputExceededException')) : well;
};

const MINUTE = 60_000;

const ofStates = ({ operation }: Call, chance: Chance): Fate => {
  if (operation.endsWith('.StartExecution')) {
    return chance.happens(0.05)
      ? refused(refusal(chance.pick(['ThrottlingException', 'ExecutionLimitExceeded'])))
      : well;
  }
  const what = chance.weighted({ expired: 3, lost: 3, late: 4, well: 90 });
  if (what === 'expired') return refused(refusal(chance.pick(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])));
  if (what === 'lost') return refused(json(200, {}));
  return what === 'late' ? { kind: 'late', byMs: chance.between(1, 10 * MINUTE), answer: json(200, {}) } : well;
};

/** One entry of several is refused; what is said of the others is true, or so the bus says. */
const ofBus = ({ body }: Call, chance: Chance): Fate => {
  const { Entries } = JSON.parse(body) as { Entries: unknown[] };
  const failed = Entries.map(() => ({
    ErrorCode: 'InternalFailure',
    ErrorMessage: 'One of the faults of this simulation.',
  }));
  const answer = json(200, { FailedEntryCount: failed.length, Entries: failed });
  const what = chance.weighted({ refused: 1, denied: 1, well: 98 });
  return what === 'well' ? well : { kind: what, answer };
};

const ofService = (call: Call, chance: Chance): Fate => {
  const { operation } = call;
  if (operation.startsWith('DynamoDB_')) return ofTable(call, chance);
  if (operation.startsWith('AWSStepFunctions')) return ofStates(call, chance);
  if (operation.startsWith('AWSEvents')) return ofBus(call, chance);
  if (operation.startsWith('SES')) return chance.happens(0.02) ? refused(xmlRefusal('Throttling')) : well;
  return well;
};

/** The fate of a call of a function. */
export const fateOfCall = (call: Call, chance: Chance): Fate => {
  const what = chance.weighted({ before: 2, after: 4, lost: 2, well: 992 });
  if (what === 'before' || what === 'after') return { kind: 'crash', when: what };
  return what === 'lost' ? { kind: 'lost' } : ofService(call, chance);
};

/**
 * The fate of a call that Step Functions itself makes: its client tries nothing again that is refused so, and the definition's own
 * retriers have to.
 */
export const fateOfStep = (chance: Chance): Fate => {
  const what = chance.weighted({ refused: 2, denied: 1, well: 97 });
  return what === 'well' ? well : { kind: what, answer: refusal('TransactionConflictException') };
};
