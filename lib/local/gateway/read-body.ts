/**
 * Reads a request's body up to a limit. The trap: a client that is cut off while it still sends may never see the answer, so what
 * is too much is read to its end and thrown away.
 */
import type { IncomingMessage } from 'node:http';

/** The body, or undefined when it is larger than the limit (bytes). Rejects when the client goes away. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}
