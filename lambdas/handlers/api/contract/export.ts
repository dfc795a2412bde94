/** The export of everything that the desk keeps about an account. */
import * as z from 'zod';
import { inboundMailSchema } from '../../../store/inbound-mails.ts';
import type { Operation } from '../operation.ts';
import { accountId, instant, pageOf, pageQuery } from './fields.ts';
import * as views from './views.ts';

const letterView = z.object({
  at: instant,
  about: z.string().meta({ description: 'The event, the report or the notice that it told of.' }),
  ticketId: z.string().optional(),
  withheld: z.string().optional().meta({ description: 'Why it was kept back; absent where it was sent.' }),
});

const mailView = z.object({
  mailId: z.string(),
  at: instant,
  wrote: z.boolean().meta({ description: 'Whether the address is its writer’s; else it was sent to it too.' }),
  outcome: inboundMailSchema.shape.outcome,
  reason: z.string(),
  ticketId: z.string().optional(),
});

const entry = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('account'),
      account: views.accountView,
      balance: views.balanceView,
      remoteAccess: views.remoteAccessView,
    }),
    z.object({ kind: z.literal('ledger-entry'), entry: views.ledgerEntryView }),
    z.object({ kind: z.literal('account-event'), event: views.accountEventView }),
    z.object({ kind: z.literal('event'), ticketId: z.string(), event: views.timelineEventView }),
    z.object({ kind: z.literal('message'), message: views.messageView }),
    z.object({ kind: z.literal('whole-text'), text: views.wholeTextView }),
    z.object({ kind: z.literal('ticket'), ticket: views.ticketView }),
    z.object({ kind: z.literal('letter'), address: z.string(), letter: letterView }),
    z.object({ kind: z.literal('mail'), address: z.string(), mail: mailView }),
  ])
  .meta({
    id: 'ExportEntry',
    description:
      'Files are named where their mail is; fetch each by its `attachmentId`. Letters are generated and not kept: what they told is in the events.',
  });

export const exportOperations = {
  exportAccount: {
    operationId: 'exportAccount',
    method: 'GET',
    path: '/v1/accounts/{accountId}/export',
    roles: ['customer', 'manager'],
    tag: 'Data protection',
    summary:
      'Export everything that is kept about an account, page by page; its administrators get all but what is internal to the desk, managers get that too',
    heavy: true,
    params: z.strictObject({ accountId }),
    query: pageQuery.extend({
      // Its own alphabet alone: so many characters of any would be more than a request's head may hold.
      cursor: z
        .string()
        .max(1500)
        .regex(/^[\w-]*$/)
        .optional()
        .meta({ description: 'The `next` of the page before.' }),
    }),
    success: { status: 200, schema: pageOf(entry), description: 'A page of entries; those of a ticket end with it' },
    problems: ['not-found', 'forbidden'],
  },
} as const satisfies Record<string, Operation>;
