/** The operations on mails that wait for a manager: seeing them, letting one act, and dropping it. */
import * as z from 'zod';
import { actorSchema } from '../../../domain/vocabulary.ts';
import { inboundMailSchema } from '../../../store/inbound-mails.ts';
import type { Operation } from '../operation.ts';
import { instant, pageOf, pageQuery, prose } from './fields.ts';

const tag = 'Quarantine';
const manager = ['manager'] as const;

const params = z.strictObject({
  mailId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, 'must be the id of a mail')
    .meta({ description: 'The id of a mail that came in.' }),
});

const { received, decision } = inboundMailSchema.shape;
const envelope = received.unwrap().shape;

const quarantinedMailView = z
  .object({
    mailId: z.string(),
    at: instant.meta({ description: 'When it came.' }),
    outcome: inboundMailSchema.shape.outcome,
    code: z.string().meta({ description: 'Why, as a word for machines.' }),
    reason: z.string(),
    ticketId: z.string().optional().meta({ description: 'The ticket that it opened or was written on.' }),
    accountId: z.string().optional(),
    sender: z
      .string()
      .optional()
      .meta({ description: 'Who wrote it, where that was proven or a manager vouched for it.' }),
    returnPath: envelope.returnPath.optional().meta({ description: 'The sender of its envelope; empty for none.' }),
    recipients: envelope.recipients.optional().meta({ description: 'The desk’s addresses that it was sent to.' }),
    verdicts: envelope.verdicts.optional().meta({ description: 'What the receiving server found.' }),
    decision: decision.unwrap().extend({ by: actorSchema, at: instant }).optional(),
  })
  .meta({ id: 'QuarantinedMail' });

const contentView = z
  .object({
    from: z
      .array(z.string())
      .meta({ description: 'Who it says that it is from; an address that can’t be read is empty.' }),
    copied: z.array(z.string()).meta({ description: 'The addresses in To and Cc.' }),
    subject: z.string(),
    messageId: z.string().optional(),
    references: z.array(z.string()).meta({ description: 'The ids of the messages that it answers, the newest first.' }),
    signers: z.array(z.string()).meta({ description: 'The domains that its DKIM signatures name, proven or not.' }),
    preview: z.string().meta({ description: 'The beginning of its text.' }),
  })
  .meta({ id: 'QuarantinedContent' });

const problems = ['not-found', 'wrong-state'] as const;

export const quarantineOperations = {
  listQuarantine: {
    operationId: 'listQuarantine',
    method: 'GET',
    path: '/v1/quarantine',
    roles: manager,
    tag,
    summary: 'List the mails that wait for a manager, oldest first',
    query: pageQuery,
    success: { status: 200, schema: pageOf(quarantinedMailView), description: 'A page of mails' },
    problems: ['not-found'],
  },
  getQuarantinedMail: {
    operationId: 'getQuarantinedMail',
    method: 'GET',
    path: '/v1/quarantine/{mailId}',
    roles: manager,
    tag,
    summary: 'Show a mail that is or was quarantined, with what it says',
    params,
    success: {
      status: 200,
      schema: quarantinedMailView
        .extend({ content: contentView.optional().meta({ description: 'Absent where it can’t be read.' }) })
        .meta({ id: 'QuarantinedMailInFull' }),
      description: 'The mail',
    },
    problems: ['not-found'],
  },
  releaseMail: {
    operationId: 'releaseMail',
    method: 'POST',
    path: '/v1/quarantine/{mailId}/release',
    roles: manager,
    tag,
    summary: 'Vouch for a mail’s writer: it opens or answers a ticket now, or nothing changes',
    params,
    body: z.strictObject({ reason: prose(2000).optional() }).meta({ id: 'Release' }),
    success: { status: 200, schema: quarantinedMailView, description: 'The mail, and what it did' },
    problems: [...problems, 'insufficient-credit', 'not-entitled'],
  },
  dropMail: {
    operationId: 'dropMail',
    method: 'POST',
    path: '/v1/quarantine/{mailId}/drop',
    roles: manager,
    tag,
    summary: 'Put a mail aside for good: it never acts',
    params,
    body: z.strictObject({ reason: prose(2000).optional() }).meta({ id: 'Drop' }),
    success: { status: 200, schema: quarantinedMailView, description: 'The mail' },
    problems,
  },
} as const satisfies Record<string, Operation>;
