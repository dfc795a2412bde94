/** Writing a message on a ticket, by whatever channel. */
import type { Message } from '../../domain/ticket/message.ts';
import type { PostMessage } from '../../domain/ticket/command-answer.ts';
import type { Change } from '../../store/commit.ts';
import type { Found } from '../../store/read.ts';
import type { Desk } from './desk.ts';
import { command, type Asked } from './ticket-command.ts';

/** The words, and what comes with them: see `PostMessage`. */
export type NewMessage = Pick<Message, 'body'> & Omit<PostMessage, 'type' | 'messageId'>;

/** The message on the ticket that was read, and what is to be written. Throws the Problem that stands against it. */
export const postMessage = async (
  desk: Desk,
  asked: Asked,
  found: Found,
  { body, ...wish }: NewMessage,
): Promise<{ message: Message; change: Change }> => {
  const messageId = `msg_${asked.freshId()}`;
  const { change } = await command(desk, asked, found, { type: 'post-message', messageId, ...wish });
  const event = change.events?.find((one) => one.type === 'message' && one.messageId === messageId);
  if (!event) throw new Error('a message that was taken has its event');
  const { ticketId, seq, at, actor: author } = event;
  const message = { messageId, ticketId, seq, at, author, visibility: wish.visibility, body, attachments: [] };
  return { message, change: { ...change, messages: [message] } };
};
