/**
 * S3 as far as the functions use it: objects that are put whole, read whole and removed, by them or by whoever has a link. It refuses every
 * other way of asking. An object is
 * kept in memory or, with a folder, in a file whose name is made from its bucket and key, so that no key can name another place.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from './aws-error.ts';
import type { ObjectService } from './endpoint.ts';
import { isLink } from './signed-links.ts';
import type { LinkChecker } from './signed-links.ts';

export interface ObjectsOptions {
  /** There are these buckets and no others. */
  readonly buckets: readonly string[];
  /** Where objects are kept; in memory without it. */
  readonly folder?: string;
}

export class Objects {
  readonly #buckets: ReadonlySet<string>;
  readonly #folder: string | undefined;
  readonly #memory = new Map<string, Buffer>();

  constructor({ buckets, folder }: ObjectsOptions) {
    this.#buckets = new Set(buckets);
    this.#folder = folder;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }

  /** Throws an AwsError where there is no such bucket. */
  put(bucket: string, key: string, bytes: Buffer): void {
    const name = this.#name(bucket, key);
    if (this.#folder === undefined) {
      this.#memory.set(name, bytes);
      return;
    }
    const unfinished = join(this.#folder, randomUUID());
    writeFileSync(unfinished, bytes);
    renameSync(unfinished, join(this.#folder, name));
  }

  /** Throws an AwsError where there is no such object: S3 tells so only to who may list the bucket, which no function of the desk may. */
  get(bucket: string, key: string): Buffer {
    const name = this.#name(bucket, key);
    const kept = this.#folder === undefined ? this.#memory.get(name) : fileIn(this.#folder, name);
    if (kept === undefined) throw new AwsError('AccessDenied', 'Not authorized to perform: s3:ListBucket');
    return kept;
  }

  /** As S3 does, it knows no difference between an object that it removes and one that was not there. */
  remove(bucket: string, key: string): void {
    const name = this.#name(bucket, key);
    if (this.#folder === undefined) this.#memory.delete(name);
    else rmSync(join(this.#folder, name), { force: true });
  }

  /** Every object, for whoever wants to know what is kept. */
  all(): Buffer[] {
    const folder = this.#folder;
    if (folder === undefined) return [...this.#memory.values()];
    return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  }

  #name(bucket: string, key: string): string {
    if (!this.#buckets.has(bucket)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist.');
    return createHash('sha256').update(`${bucket}/${key}`).digest('hex');
  }
}

const fileIn = (folder: string, name: string): Buffer | undefined =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined;

/** What would change what is written or read, and is not done here. */
const REFUSED_HEADERS = ['range', 'if-match', 'if-none-match', 'x-amz-copy-source', 'x-amz-decoded-content-length'];

/** The SDK names the operation in the query, and any other query asks for something else. */
const OPERATIONS = { GET: 'x-id=GetObject', PUT: 'x-id=PutObject', DELETE: 'x-id=DeleteObject' } as const;

/** The functions ask with their keys in a header; anybody else needs a link. */
const isSigned = (headers: IncomingHttpHeaders): boolean =>
  headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') === true;

export function objectService(objects: Objects, checkLink: LinkChecker): ObjectService {
  return async ({ method, bucket, key, query, headers, body }) => {
    const refused = REFUSED_HEADERS.find((header) => headers[header] !== undefined);
    if (refused !== undefined) throw new AwsError('NotImplemented', `The local desk's S3 knows no ${refused}.`);
    if (method === 'GET' && isLink(query)) {
      const asked = await checkLink({ bucket, key, host: headers.host ?? '', query });
      return { bytes: objects.get(bucket, key), headers: asked };
    }
    if (query !== '' && query !== OPERATIONS[method]) {
      throw new AwsError('NotImplemented', 'The local desk has no such operation of S3.');
    }
    if (!isSigned(headers)) throw new AwsError('AccessDenied', 'Access Denied');
    if (method === 'GET') return { bytes: objects.get(bucket, key) };
    if (method === 'PUT') objects.put(bucket, key, body);
    else objects.remove(bucket, key);
    return {};
  };
}
