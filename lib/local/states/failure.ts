/**
 * What goes wrong in a state (`TaskFailure`, with the error name that a definition catches), in a call to the service
 * (`StatesError`, with the code that the API answers) and in a definition (`DefinitionError`). The trap: a failure of a state
 * is a value for retriers and catchers, so it must never escape as an exception of the desk.
 */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  /** The name as on AWS, such as `States.Timeout` or `DynamoDb.ConditionalCheckFailedException`. */
  readonly error: string;
  readonly causeText: string;

  constructor(error: string, causeText = '', options?: ErrorOptions) {
    super(`${error}: ${causeText}`, options);
    this.error = error;
    this.causeText = causeText;
  }
}

/** A refused call; `code` is the error's name in the API of Step Functions. */
export class StatesError extends Error {
  override readonly name = 'StatesError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A definition that the local desk can't run, or that nobody can. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

export const timeout = (): TaskFailure => new TaskFailure('States.Timeout', 'The task timed out.');

/** Whatever was thrown, as a failure; what nobody foresaw is `States.Runtime`, which no retrier or catcher matches. */
export const asFailure = (error: unknown): TaskFailure =>
  error instanceof TaskFailure
    ? error
    : new TaskFailure('States.Runtime', error instanceof Error ? error.message : String(error), { cause: error });
