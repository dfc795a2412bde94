/** What the API shows of each record: the schemas of the answers. */
import * as z from 'zod';
import { contactSchema, remoteAccessSchema, subscriptionSchema } from '../../../domain/account/account.ts';
import { mailStopSchema, mailStopStateSchema } from '../../../domain/mail/address.ts';
import { accountFactsSchema } from '../../../domain/account/account-facts.ts';
import { ledgerEntrySchema, lotSourceSchema } from '../../../domain/account/ledger.ts';
import { attachmentSchema, mailSourceSchema } from '../../../domain/ticket/attachment.ts';
import { messageSchema } from '../../../domain/ticket/message.ts';
import { planSchema } from '../../../domain/plan/plan.ts';
import { calendarSchema } from '../../../domain/time/calendar.ts';
import { statementsSchema } from '../../../domain/opening/statements.ts';
import * as words from '../../../domain/vocabulary.ts';
import { instant } from './fields.ts';

/** Written once in the contract, and not for each day of each calendar. */
z.globalRegistry.add(calendarSchema.shape.weekly.shape.mon, {
  id: 'DayHours',
  description: 'Open hours of a day in local time, from an opening to a closing; none where it is closed.',
});

export const planView = z
  .object(planSchema.shape)
  .meta({ id: 'Plan', description: 'A plan: the terms of a programme as data.' });

const contactView = z.object({
  ...contactSchema.shape,
  mail: z
    .enum(['ok', ...mailStopStateSchema.options])
    .meta({ description: 'Whether mail goes to the contact; `bounced` and `complained` have stopped it.' }),
  mailStop: z
    .object({ since: instant, reason: mailStopSchema.shape.reason })
    .optional()
    .meta({ description: 'Since when nothing is sent to the contact, and why.' }),
});

/** What tells one account from another. */
const accountHead = {
  accountId: z.string(),
  name: z.string(),
  planId: z.string(),
  timeZone: z.string(),
  region: z.string(),
};

export const accountView = z
  .object({
    ...accountHead,
    contacts: z.array(contactView),
    ...accountFactsSchema.shape,
    subscription: z
      .object({ ...subscriptionSchema.shape, active: z.boolean() })
      .optional()
      .meta({ description: 'The running term of the plan; absent where the plan has no terms.' }),
    createdAt: instant,
  })
  .meta({ id: 'Account' });

export const accountSummaryView = z
  .object({ ...accountHead, contacts: z.array(z.object(contactSchema.shape)), createdAt: instant })
  .meta({ id: 'AccountSummary', description: 'What tells one account from another, and who its people are.' });

export const mailStopView = z
  .object({
    email: z.string(),
    state: mailStopStateSchema,
    since: instant,
    reason: z.string(),
    accounts: z.array(z.string()).meta({ description: 'The accounts of which the address is a contact.' }),
  })
  .meta({ id: 'MailStop', description: 'An address to which nothing is sent until a manager lifts the stop.' });

export const mailAddressView = z
  .object({
    email: z.string(),
    mail: z.literal('ok'),
    accounts: z.array(z.string()).meta({ description: 'The accounts whose history says so.' }),
  })
  .meta({ id: 'MailAddress' });

export const benefitView = z
  .object({
    benefit: z.string(),
    included: z.union([z.number().int(), z.literal('unlimited')]),
    used: z.number().int().meta({ description: 'How often it was used in the present period.' }),
    left: z.union([z.number().int(), z.literal('unlimited')]),
    from: instant,
    to: instant.meta({ description: 'When the next period begins.' }),
  })
  .meta({ id: 'Benefit' });

export const remoteAccessView = z.object({ ...remoteAccessSchema.shape, at: instant.optional() }).meta({
  id: 'RemoteAccess',
  description: 'The customer’s last word on remote access; without one it is not granted.',
});

export const accountEventView = z
  .object({ recordId: z.string(), type: z.string(), at: instant, actor: words.actorSchema })
  .loose()
  .meta({
    id: 'AccountEvent',
    description: 'One line of an account’s history; each type has further fields of its own.',
  });

export const balanceView = z
  .object({
    unit: words.unitSchema,
    available: z.number().int().meta({ description: 'Units that can be spent now.' }),
    lots: z.array(
      z.object({
        lotId: z.string(),
        remaining: z.number().int(),
        expiresAt: instant
          .nullable()
          .meta({ description: 'From then on they can’t be spent; null where they do not expire.' }),
        source: lotSourceSchema,
        addOn: z.string().optional().meta({ description: 'The add-on that the units are for.' }),
      }),
    ),
    addOns: z
      .array(z.object({ planId: z.string(), unit: words.unitSchema, available: z.number().int() }))
      .optional()
      .meta({
        description:
          'Units that can be spent now for each add-on that the account has bought: none under a plan without it.',
      }),
  })
  .meta({ id: 'Balance' });

export const ledgerEntryView = z
  .object(ledgerEntrySchema.omit({ accountId: true, actor: true }).shape)
  .meta({ id: 'LedgerEntry', description: 'Amounts are positive; the kind gives the direction.' });

export const purchaseView = z
  .object({ lotId: z.string(), amount: z.number().int(), expiresAt: instant.nullable() })
  .meta({ id: 'Purchase' });

const attachments = z.array(z.object(attachmentSchema.shape)).meta({ description: 'The files that its mail brought.' });
const mail = z
  .object(mailSourceSchema.pick({ shortened: true }).shape)
  .optional()
  .meta({ description: 'It came by mail; where it is `shortened`, the mail says more than is shown here.' });

const charge = z.object({ unit: words.unitSchema, amount: z.number().int() });

export const quoteView = z
  .object({
    priority: words.prioritySchema,
    charge,
    targets: z.array(
      z.object({ kind: words.targetKindSchema, deadline: instant, guaranteed: z.literal(false).optional() }),
    ),
    refusal: z
      .object({ type: z.string(), detail: z.string() })
      .loose()
      .optional()
      .meta({ description: 'Why a ticket would not be opened now; absent when it would be.' }),
  })
  .meta({ id: 'Quote' });

export const ticketView = z
  .object({
    ticketId: z.string(),
    accountId: z.string(),
    status: words.ticketStatusSchema,
    tier: words.tierSchema,
    priority: words.prioritySchema,
    channel: words.channelSchema,
    category: z.string().optional(),
    statements: statementsSchema.optional(),
    subject: z.string(),
    description: z.string(),
    attachments: attachments.optional(),
    mail,
    contact: z.object({ email: z.string(), name: z.string() }),
    followers: z.array(z.string()).meta({ description: 'Contacts of the account who get its letters too.' }),
    planId: z.string(),
    openedAt: instant,
    charge: charge.extend({
      credited: z.number().int().meta({ description: 'Units of the charge that have come back.' }),
    }),
    targets: z.array(
      z.object({
        kind: words.targetKindSchema,
        tier: words.tierSchema,
        state: words.targetStateSchema,
        deadline: instant.nullable().meta({ description: 'Null while the clock stands still.' }),
        guaranteed: z
          .literal(false)
          .optional()
          .meta({ description: 'An aim that is measured; its miss gives nothing back.' }),
        endedAt: instant.optional(),
      }),
    ),
    nextDeadline: instant.optional().meta({ description: 'The soonest miss or closing that time alone will cause.' }),
    assignee: z.string().optional(),
    plan: z.object({ summary: z.string(), expectedBy: instant }).optional(),
    answeredAt: instant.optional(),
    resolvedAt: instant.optional(),
    closedAt: instant.optional(),
    classification: z
      .object({
        as: words.classificationSchema,
        returned: z.number().int().meta({ description: 'Units that came back because of it.' }),
        returnedTo: words.refundToSchema,
        reason: z.string().optional(),
      })
      .optional(),
    rating: z.object({ score: z.number().int(), comment: z.string().optional(), at: instant }).optional(),
    callBack: z.object({ phone: z.string(), requestedAt: instant, madeAt: instant.optional() }).optional(),
    splitFrom: z.string().optional(),
    splitInto: z.array(z.string()).optional(),
  })
  .meta({ id: 'Ticket' });

export const timelineEventView = z
  .object({ at: instant, type: z.string(), actor: words.actorSchema, seq: z.number().int() })
  .loose()
  .meta({ id: 'TimelineEvent', description: 'One fact; each type has further fields of its own.' });

export const messageView = z.object({ ...messageSchema.shape, attachments, mail }).meta({ id: 'Message' });

export const wholeTextView = z
  .object({
    ticketId: z.string(),
    seq: z.number().int(),
    text: z.string().meta({ description: 'All that was written; of a mail at most 100,000 characters.' }),
  })
  .meta({ id: 'WholeText' });

export const linkView = z
  .object({
    url: z.string().meta({ description: 'Where the bytes are until `expiresAt`, to be saved and not to be shown.' }),
    expiresAt: instant,
    filename: z.string(),
    contentType: z.string().meta({ description: 'The type that they are served as.' }),
  })
  .meta({ id: 'Link' });

export const fileLinkView = linkView.extend({ size: z.number().int() }).meta({ id: 'FileLink' });
