/**
 * Links to objects, as S3 checks them: a link is good when signing the same question again, with the desk's own keys, gives the same
 * link, and when its time is not over by the desk's clock. The trap: the answer's headers come from the link, so nothing of it may be
 * believed before the signature is.
 */
import { AwsError } from './aws-error.ts';
import { LOCAL_KEYS, REGION } from '../template/resolve.ts';

export interface LinkRequest {
  readonly bucket: string;
  readonly key: string;
  /** As it was asked: host and port, and everything after the question mark. */
  readonly host: string;
  readonly query: string;
}

/** Answers the headers that the link asks for. Rejects with an AwsError for a link that is not good. */
export type LinkChecker = (request: LinkRequest) => Promise<Readonly<Record<string, string>>>;

export const isLink = (query: string): boolean => /(?:^|&)X-Amz-Signature=/i.test(query);

/** `now` is the desk's clock, ms since the epoch. */
export function linkChecker(now: () => number): LinkChecker {
  return async (request) => {
    const parameters = new URLSearchParams(request.query);
    const signedAt = dateIn(parameters.get('X-Amz-Date') ?? '');
    const seconds = Number(parameters.get('X-Amz-Expires'));
    const disposition = parameters.get('response-content-disposition');
    const type = parameters.get('response-content-type');
    const asked = { signedAt, seconds, disposition: disposition ?? undefined, type: type ?? undefined };
    if (signedAt === undefined || !(seconds > 0) || !(await isOurs(request, { ...asked, signedAt }))) {
      throw new AwsError('SignatureDoesNotMatch', 'The signature of the link is not the one that belongs to it.');
    }
    if (now() > signedAt.getTime() + seconds * 1000) throw new AwsError('AccessDenied', 'Request has expired');
    return {
      'content-type': type ?? 'application/octet-stream',
      ...(disposition !== null && { 'content-disposition': disposition }),
    };
  };
}

interface Asked {
  readonly signedAt: Date;
  readonly seconds: number;
  readonly disposition: string | undefined;
  readonly type: string | undefined;
}

async function isOurs({ bucket, key, host, query }: LinkRequest, asked: Asked): Promise<boolean> {
  // Loaded when the first link is followed: most desks never see one, and the client takes long to load.
  const [{ GetObjectCommand, S3Client }, { getSignedUrl }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/s3-request-presigner'),
  ]);
  const client = new S3Client({
    ...{ endpoint: `http://${host}`, region: REGION, credentials: LOCAL_KEYS },
    responseChecksumValidation: query.includes('x-amz-checksum-mode=') ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
  });
  const command = new GetObjectCommand({
    ...{ Bucket: bucket, Key: key },
    ResponseContentDisposition: asked.disposition,
    ResponseContentType: asked.type,
  });
  const again = await getSignedUrl(client, command, { expiresIn: asked.seconds, signingDate: asked.signedAt });
  client.destroy();
  return sorted(new URL(again).search.slice(1)) === sorted(query);
}

/** The parts of a query in one order, so that a client which sorts them is understood. */
const sorted = (query: string): string => query.split('&').sort().join('&');

/** `20260302T150000Z` as a date. */
function dateIn(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
