/** A message on a ticket. Public ones are between customer and engineers; internal ones never leave the vendor's side. */
import * as z from 'zod';
import { countSchema } from '../numbers.ts';
import { attachmentSchema, mailSourceSchema } from './attachment.ts';
import { instantSchema } from '../time/instant.ts';
import { actorSchema, visibilitySchema, type Role } from '../vocabulary.ts';

export const messageSchema = z.strictObject({
  messageId: z.string(),
  ticketId: z.string(),
  /** The place of its `message` event in the ticket's timeline. */
  seq: countSchema,
  at: instantSchema,
  author: actorSchema,
  visibility: visibilitySchema,
  body: z.string(),
  attachments: z.array(attachmentSchema).default([]),
  /** The mail that it came in. */
  mail: mailSourceSchema.optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** Whether somebody in this role may read a message: internal ones are for the vendor's side alone. */
export const isMessageFor = (role: Role, { visibility }: Pick<Message, 'visibility'>): boolean =>
  role !== 'customer' || visibility === 'public';

/**
 * Whether somebody of this role may read the whole text of the mail that a message came in: not a customer what one of the vendor's people
 * sent, because it quotes letters that were meant for them.
 */
export const isWholeTextFor = (role: Role, message: Message): boolean =>
  isMessageFor(role, message) && (role !== 'customer' || message.author.role === 'customer');
