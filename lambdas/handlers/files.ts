/** The functions' way to stored mails and their files. */
import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../store/links.ts';

interface Buckets {
  readonly MAIL_BUCKET: string;
  readonly ATTACHMENT_BUCKET: string;
}

/** Where stored mails are, and where their files are kept. */
export interface Files {
  readonly mails: ObjectStore;
  readonly attachments: ObjectStore;
}

/** Nothing where no mail comes in. */
export function openFiles(environment: Buckets): Files;
export function openFiles(environment: Partial<Buckets>): Files | undefined;
export function openFiles({ MAIL_BUCKET, ATTACHMENT_BUCKET }: Partial<Buckets>): Files | undefined {
  if (MAIL_BUCKET === undefined || ATTACHMENT_BUCKET === undefined) return undefined;
  // Without a range or a part to check, a checksum in a link would only make it longer.
  const client = new S3Client({ responseChecksumValidation: 'WHEN_REQUIRED' });
  return { mails: { bucket: MAIL_BUCKET, client }, attachments: { bucket: ATTACHMENT_BUCKET, client } };
}
