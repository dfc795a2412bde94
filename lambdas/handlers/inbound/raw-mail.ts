/** The messages as SES stored them: one object for each, under the id that SES gave it. */
import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../../store/links.ts';

/** Where SES puts them in the bucket. */
export const RAW_MAIL_PREFIX = 'inbound/';

export const rawMailKey = (sesMessageId: string): string => `${RAW_MAIL_PREFIX}${sesMessageId}`;

export const RAW_MAIL_TYPE = 'message/rfc822';

/** The bytes of a message, or `too-large` where it has more than `limit`. Throws where there is none. */
export const readRawMail = async (
  { bucket, client }: ObjectStore,
  sesMessageId: string,
  limit: number,
): Promise<Uint8Array | 'too-large'> => {
  const { Body, ContentLength } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: rawMailKey(sesMessageId) }),
  );
  if (!Body) throw new Error(`the stored message ${sesMessageId} has no body`);
  if (ContentLength === undefined || ContentLength > limit) {
    if ('destroy' in Body) Body.destroy();
    return 'too-large';
  }
  return Body.transformToByteArray();
};

/** Removes a message; one that is gone already is no error. */
export const removeRawMail = async ({ bucket, client }: ObjectStore, sesMessageId: string): Promise<void> => {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: rawMailKey(sesMessageId) }));
};
