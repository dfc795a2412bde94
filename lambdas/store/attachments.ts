/**
 * The files that mails brought: this is the only place that knows under which keys they are kept. A key comes from the mail's own id,
 * so a mail that is delivered twice puts the same bytes to the same place, and a file may be kept before anything refers to it.
 */
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Instant } from '../domain/time/instant.ts';
import { linkTo, type Link, type ObjectStore } from './links.ts';

/** Everything below it is a file of a mail. */
export const ATTACHMENT_PREFIX = 'attachments/';

/** A file's place in its mail. */
export interface FilePlace {
  readonly sesMessageId: string;
  /** From 1, among the files of the mail that are kept. */
  readonly number: number;
}

const keyOf = ({ sesMessageId, number }: FilePlace): string => `${ATTACHMENT_PREFIX}${sesMessageId}/${String(number)}`;

/** Keeps the files of a mail, as bytes: the type that the mail gives them is told with a link and trusted nowhere. */
export const keepFiles = async (
  { bucket, client }: ObjectStore,
  sesMessageId: string,
  files: readonly Uint8Array[],
): Promise<void> => {
  await Promise.all(
    files.map((content, index) =>
      client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: keyOf({ sesMessageId, number: index + 1 }),
          Body: content,
          ContentType: 'application/octet-stream',
        }),
      ),
    ),
  );
};

/** Removes the first so many files of a mail, all at once: no mail has more than 25. What is gone already is no error. */
export const removeFiles = async (
  { bucket, client }: ObjectStore,
  sesMessageId: string,
  count: number,
): Promise<void> => {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const remove = (number: number) =>
    client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf({ sesMessageId, number }) }));
  await Promise.all(numbers.map(remove));
};

/** A link to a file, signed at the moment `now`. Whoever asks has been authorized before. */
export const linkToFile = (
  store: ObjectStore,
  place: FilePlace,
  { filename, contentType }: { filename: string; contentType: string },
  now: Instant,
): Promise<Link> => linkTo(store, { key: keyOf(place), filename, contentType }, now);
