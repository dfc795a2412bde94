/**
 * A refusal is an expected answer of a rule, not an exception: which family it belongs to (the end of the problem's type), a
 * sentence for the person who asked, and the facts they need to do better.
 */
export type RefusalCode =
  'validation' | 'insufficient-credit' | 'not-entitled' | 'forbidden' | 'not-found' | 'wrong-state';

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

export const refuse = (
  code: RefusalCode,
  message: string,
  facts?: Refusal['facts'],
): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code, message, ...(facts && { facts }) },
});
