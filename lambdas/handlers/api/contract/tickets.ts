/** The operations on tickets: quoting, opening, reading and writing. The lifecycle is in a file of its own. */
import * as z from 'zod';
import { severityAnswersSchema } from '../../../domain/plan/plan-rules.ts';
import { channelSchema, prioritySchema, tierSchema, visibilitySchema } from '../../../domain/vocabulary.ts';
import { everyone, type Operation } from '../operation.ts';
import {
  accountId,
  authorizedCharge,
  email,
  line,
  missionCritical,
  pageOf,
  pageQuery,
  prose,
  ticketId,
} from './fields.ts';
import { messageView, quoteView, ticketView, timelineEventView } from './views.ts';

const params = z.strictObject({ ticketId });
const tag = 'Tickets';

const openingBody = z
  .strictObject({
    accountId,
    subject: line(200),
    description: prose(20_000),
    priority: prioritySchema
      .optional()
      .meta({ description: 'One of the plan’s priorities; its default where absent.' }),
    channel: channelSchema.default('api'),
    category: line(100).optional(),
    contact: email.optional().meta({ description: 'For whom an engineer opens a ticket on the telephone.' }),
    severity: severityAnswersSchema
      .optional()
      .meta({ description: 'What harm the problem does; where the plan asks for it, it proposes the priority.' }),
    missionCritical: missionCritical.optional(),
    authorizedCharge: authorizedCharge
      .optional()
      .meta({ description: 'The charge that the customer has agreed to, where the plan asks for that.' }),
    addOn: line(100).optional().meta({ description: 'The add-on under which it is opened, such as axigen-gold.' }),
  })
  .meta({ id: 'NewTicket' });

export const ticketOperations = {
  quoteTicket: {
    operationId: 'quoteTicket',
    method: 'POST',
    path: '/v1/quotes',
    roles: everyone,
    tag,
    summary: 'Tell what a ticket would cost and promise, and open nothing',
    body: openingBody,
    success: { status: 200, schema: quoteView, description: 'Cost, deadlines, and what stands against opening' },
    problems: ['not-found', 'not-entitled'],
  },
  openTicket: {
    operationId: 'openTicket',
    method: 'POST',
    path: '/v1/tickets',
    roles: ['customer', 'engineer'],
    tag,
    summary: 'Open a ticket and pay for it',
    body: openingBody,
    success: { status: 201, schema: ticketView, description: 'The ticket' },
    problems: ['not-found', 'not-entitled', 'insufficient-credit'],
  },
  listTickets: {
    operationId: 'listTickets',
    method: 'GET',
    path: '/v1/tickets',
    roles: everyone,
    tag,
    summary: 'List an account’s tickets, newest first',
    query: pageQuery.extend({ accountId: accountId.optional() }),
    success: { status: 200, schema: pageOf(ticketView), description: 'A page of tickets' },
    problems: ['not-found'],
  },
  getTicket: {
    operationId: 'getTicket',
    method: 'GET',
    path: '/v1/tickets/{ticketId}',
    roles: everyone,
    tag,
    summary: 'Show a ticket',
    params,
    success: { status: 200, schema: ticketView, description: 'The ticket' },
    problems: ['not-found'],
  },
  getTimeline: {
    operationId: 'getTimeline',
    method: 'GET',
    path: '/v1/tickets/{ticketId}/timeline',
    roles: everyone,
    tag,
    summary: 'List what happened to a ticket, oldest first',
    params,
    query: pageQuery,
    success: { status: 200, schema: pageOf(timelineEventView), description: 'A page of the timeline' },
    problems: ['not-found'],
  },
  listMessages: {
    operationId: 'listMessages',
    method: 'GET',
    path: '/v1/tickets/{ticketId}/messages',
    roles: everyone,
    tag,
    summary: 'List a ticket’s messages, oldest first; customers see the public ones',
    params,
    query: pageQuery,
    success: { status: 200, schema: pageOf(messageView), description: 'A page of messages' },
    problems: ['not-found'],
  },
  postMessage: {
    operationId: 'postMessage',
    method: 'POST',
    path: '/v1/tickets/{ticketId}/messages',
    roles: ['customer', 'engineer'],
    tag,
    summary: 'Write a message; an engineer’s first public one is the response',
    params,
    body: z
      .strictObject({
        body: prose(20_000),
        visibility: visibilitySchema.default('public'),
        automatic: z.boolean().optional().meta({ description: 'Written by a machine: it answers nothing.' }),
        calledBack: z
          .boolean()
          .optional()
          .meta({ description: 'An engineer reports the call that the customer asked for.' }),
      })
      .meta({ id: 'NewMessage' }),
    success: { status: 201, schema: messageView, description: 'The message' },
    problems: ['not-found', 'wrong-state'],
  },
  listQueue: {
    operationId: 'listQueue',
    method: 'GET',
    path: '/v1/queues/{tier}',
    roles: ['engineer', 'manager'],
    tag: 'Queues',
    summary: 'List a tier’s open tickets, soonest deadline first',
    params: z.strictObject({ tier: tierSchema }),
    query: pageQuery,
    success: {
      status: 200,
      schema: pageOf(ticketView),
      description: 'A page of the queue: what is late and not made good, then by the next deadline, then the rest',
    },
    problems: [],
  },
} as const satisfies Record<string, Operation>;
