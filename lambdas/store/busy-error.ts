/** Thrown where the table can't serve a request just now; the request may be sent again. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}
