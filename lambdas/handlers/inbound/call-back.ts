/** The call that a mail asks for, by the rules of the same request over HTTP, as a part of what else the mail does. */
import { phoneIn } from '../../domain/phone.ts';
import type { Change } from '../../store/commit.ts';
import type { Desk } from '../commands/desk.ts';
import { Problem } from '../commands/problem.ts';
import { command, type Asked } from '../commands/ticket-command.ts';
import type { Message } from './message.ts';

const noNumber = (): Problem =>
  new Problem(
    'validation',
    'The mail asks for a call, and no telephone number was found in it: write it on a line of its own, with its country code.',
  );

/**
 * The change with the call that is asked for on its ticket. The ticket was settled at this very moment, so asking causes nothing else.
 * Throws the Problem that stands against the call.
 */
export const withCall = async <Part extends Change>(
  desk: Desk,
  asked: Asked,
  { text, subject }: Pick<Message, 'text' | 'subject'>,
  change: Part,
): Promise<Part> => {
  const { ticket, events = [] } = change;
  if (!ticket) throw new Error('a call is asked for on a ticket');
  const phone = phoneIn(text) ?? phoneIn(subject);
  if (phone === undefined) throw noNumber();
  const { after, change: called } = await command(desk, asked, { ticket: ticket.after }, { type: 'call-back', phone });
  return { ...change, ticket: { ...ticket, after }, events: [...events, ...(called.events ?? [])] };
};
