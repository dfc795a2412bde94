/** A refusal that an AWS service would answer: its code is what the SDK turns into the error's name. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}
