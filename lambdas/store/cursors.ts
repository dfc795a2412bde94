/**
 * Cursors: where a page of a list ended. One is opaque and names the list that it was made for, so a cursor of another list or another
 * customer is refused instead of being read as a beginning.
 */
import * as z from 'zod';

/** Thrown for a cursor that this list did not give out. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
}

/** Sort keys are plain text; anything else would turn a range round. */
const cursorSchema = z.strictObject({ list: z.string(), after: z.string().regex(/^[\x20-\x7e]+$/) });

export const encode = (list: string, after: string): string =>
  Buffer.from(JSON.stringify({ list, after })).toString('base64url');

/** Where the page before ended. `prefix`: every key of the list begins so; a cursor that leaves it was not given out here. */
export const decode = (list: string, prefix: string, cursor: string | undefined): string | undefined => {
  if (cursor === undefined) return undefined;
  try {
    const { list: madeFor, after } = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (madeFor === list && after.startsWith(prefix)) return after;
  } catch (cause) {
    throw new CursorError('not a cursor', { cause });
  }
  throw new CursorError('a cursor of another list');
};
