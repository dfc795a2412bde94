/** The operations on what mails brought: files, whole texts, and the mails themselves. */
import * as z from 'zod';
import { ATTACHMENT_ID } from '../../../domain/ticket/attachment.ts';
import { everyone, type Operation } from '../operation.ts';
import { ticketId, wholeNumber } from './fields.ts';
import { fileLinkView, linkView, wholeTextView } from './views.ts';

const messageParams = z.strictObject({
  ticketId,
  seq: wholeNumber(1, 99_999_999).meta({ description: 'The `seq` of a message; 1 is the opening.' }),
});
const tag = 'Tickets';

export const fileOperations = {
  getAttachment: {
    operationId: 'getAttachment',
    method: 'GET',
    path: '/v1/tickets/{ticketId}/attachments/{attachmentId}',
    roles: everyone,
    tag,
    summary: 'Get a link to a file, good for five minutes; customers get those of public messages',
    params: z.strictObject({
      ticketId,
      attachmentId: z
        .string()
        .regex(ATTACHMENT_ID, 'must be an id such as att_3_1')
        .meta({ description: 'The id of a file that a mail brought to this ticket.' }),
    }),
    success: { status: 200, schema: fileLinkView, description: 'The link; nobody needs a token to follow it' },
    problems: ['not-found'],
  },
  getMessageText: {
    operationId: 'getMessageText',
    method: 'GET',
    path: '/v1/tickets/{ticketId}/messages/{seq}/text',
    roles: everyone,
    tag,
    summary: 'Show the whole text of a message or of the opening, with what its mail quotes',
    params: messageParams,
    success: { status: 200, schema: wholeTextView, description: 'The text' },
    problems: ['not-found'],
  },
  getRawMail: {
    operationId: 'getRawMail',
    method: 'GET',
    path: '/v1/tickets/{ticketId}/messages/{seq}/raw',
    roles: ['engineer', 'manager'],
    tag,
    summary:
      'Get a link to the mail that a message or the opening came in, as it came; stored mails are kept for a year',
    params: messageParams,
    success: { status: 200, schema: linkView, description: 'The link; nobody needs a token to follow it' },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
