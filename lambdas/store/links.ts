/**
 * Links under which an object can be fetched for a few minutes by whoever holds them: asked for after the caller was authorized, and
 * worthless soon after. The trap: a browser would run a page that somebody mailed, on the storage's own domain, so what is not known
 * to be harmless is served as bytes to be saved.
 */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { fromMillis, toMillis, type Instant } from '../domain/time/instant.ts';

export interface ObjectStore {
  readonly bucket: string;
  readonly client: S3Client;
}

export interface Link {
  readonly url: string;
  readonly expiresAt: Instant;
}

/** Long enough for a slow line to begin a download, too short to be passed around. */
const LINK_SECONDS = 300;

const BYTES = 'application/octet-stream';
/** Types that no browser runs anything in. */
const HARMLESS =
  /^(?:image\/(?:png|jpeg|gif|webp|bmp|tiff|heic)|text\/(?:plain|csv)|application\/(?:pdf|zip)|audio\/[a-z0-9.+-]+|video\/[a-z0-9.+-]+)$/;

/** The type under which an object is served: its own where that is harmless, and else plain bytes. */
export const servedAs = (contentType: string): string => {
  const plain = contentType.toLowerCase();
  return HARMLESS.test(plain) ? plain : BYTES;
};

/** A header in which any name can stand (RFC 6266): in ASCII for old programs, and as it is. */
export const dispositionOf = (filename: string): string => {
  const name = filename.replaceAll(/\p{Cs}/gu, '\ufffd');
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
};

/** `now` is when it was asked for: the link is good for `LINK_SECONDS` from then on. */
export const linkTo = async (
  { bucket, client }: ObjectStore,
  { key, filename, contentType }: { key: string; filename: string; contentType: string },
  now: Instant,
): Promise<Link> => {
  // A signature knows whole seconds.
  const signedAt = Math.floor(toMillis(now) / 1000) * 1000;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentDisposition: dispositionOf(filename),
    ResponseContentType: servedAs(contentType),
  });
  const url = await getSignedUrl(client, command, { expiresIn: LINK_SECONDS, signingDate: new Date(signedAt) });
  return { url, expiresAt: fromMillis(signedAt + LINK_SECONDS * 1000) };
};
