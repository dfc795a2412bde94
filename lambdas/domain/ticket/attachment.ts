/**
 * What a mail brings to a ticket beside the words that are shown of it: its files, and where the rest of it is. Only what people are
 * told stands here; where the bytes are is the store's business.
 */
import * as z from 'zod';
import { wholeSchema } from '../numbers.ts';

export const attachmentSchema = z.strictObject({
  attachmentId: z.string(),
  filename: z.string(),
  /** What the mail says that it is; nothing was looked into. */
  contentType: z.string(),
  /** In bytes. */
  size: wholeSchema,
});
export type Attachment = z.infer<typeof attachmentSchema>;

export const mailSourceSchema = z.strictObject({
  /** The id that SES gave the message; the stored message and its files have it in their keys. */
  sesMessageId: z.string(),
  /** Whether the mail says more than is shown, such as what it quotes. */
  shortened: z.boolean(),
  /** The stored message is gone, because it said something of a person who was erased; its files are where they were. */
  rawErased: z.literal(true).optional(),
});
export type MailSource = z.infer<typeof mailSourceSchema>;

/** A file's place: the event that brought it (1 opened the ticket), and its number in that mail, from 1. */
export interface AttachmentPlace {
  readonly seq: number;
  readonly number: number;
}

/** The id of a file within its ticket: it tells where to look, so no further record has to. */
export const attachmentIdOf = ({ seq, number }: AttachmentPlace): string => `att_${String(seq)}_${String(number)}`;

export const ATTACHMENT_ID = /^att_([1-9]\d{0,7})_([1-9]\d{0,3})$/;

/** Throws a RangeError for what is no id of a file. */
export const placeOf = (attachmentId: string): AttachmentPlace => {
  const [, seq, number] = ATTACHMENT_ID.exec(attachmentId) ?? [];
  if (seq === undefined || number === undefined) throw new RangeError(`${attachmentId} is no id of a file`);
  return { seq: Number(seq), number: Number(number) };
};
