/** The lifecycle of a ticket: one operation a step, each answered with the ticket as it then stands. */
import * as z from 'zod';
import { LONGEST_PHONE, PHONE } from '../../../domain/phone.ts';
import { classificationSchema, prioritySchema, refundToSchema } from '../../../domain/vocabulary.ts';
import { everyone, type Operation } from '../operation.ts';
import type { ProblemCode } from '../../commands/problem.ts';
import { authorizedCharge, line, missionCritical, moment, prose, ticketId } from './fields.ts';
import { ticketView } from './views.ts';

/** Splitting writes three records a problem in one transaction; ten problems leave room for what time had caused. */
const MOST_PROBLEMS = 10;

const staff = ['engineer', 'manager'] as const;
const reason = prose(2000);
const step = <Id extends string, Name extends string, Body extends z.ZodType>(
  operationId: Id,
  name: Name,
  summary: string,
  body: Body,
) =>
  ({
    operationId,
    method: 'POST',
    path: `/v1/tickets/{ticketId}/${name}`,
    roles: staff,
    tag: 'Lifecycle',
    summary,
    params: z.strictObject({ ticketId }),
    body,
    success: { status: 200, schema: ticketView, description: 'The ticket as it then stands' },
    problems: ['not-found', 'wrong-state'],
  }) as const;

const spending: readonly ProblemCode[] = ['not-found', 'wrong-state', 'insufficient-credit', 'not-entitled'];

const phone = line(LONGEST_PHONE)
  .regex(PHONE, 'must be a telephone number')
  .meta({ description: 'The number to call.' });

const problem = z.strictObject({
  subject: line(200),
  description: prose(20_000),
  priority: prioritySchema.optional().meta({ description: 'That of the ticket itself where absent.' }),
  authorizedCharge: authorizedCharge.optional().meta({
    description: 'What the customer agreed that it costs; needed where that is more than at the ticket’s priority.',
  }),
});

export const lifecycleOperations = {
  assignTicket: step('assignTicket', 'assign', 'Give a ticket to an engineer', z.strictObject({ engineer: line(254) })),
  escalateTicket: step(
    'escalateTicket',
    'escalate',
    'Hand a ticket to the next tier; its deadlines stay as they are',
    z.strictObject({ reason }),
  ),
  pauseTicket: step(
    'pauseTicket',
    'pause',
    'Wait for the customer: the resolution clock stops',
    z.strictObject({ reason }),
  ),
  planTicket: step(
    'planTicket',
    'plan',
    'Record a plan for resolving',
    z.strictObject({ summary: prose(5000), expectedBy: moment }),
  ),
  resolveTicket: step(
    'resolveTicket',
    'resolve',
    'Say that the problem is solved',
    z.strictObject({ summary: prose(5000) }),
  ),
  closeTicket: { ...step('closeTicket', 'close', 'Close a ticket', z.strictObject({})), roles: everyone },
  reopenTicket: {
    ...step(
      'reopenTicket',
      'reopen',
      'Go on with the very same problem, up to 90 days after closing',
      z.strictObject({
        sameProblem: z.boolean().meta({ description: 'Attests that it is exactly the same problem.' }),
      }),
    ),
    roles: everyone,
  },
  reprioritizeTicket: {
    ...step(
      'reprioritizeTicket',
      'reprioritize',
      'Change the priority or correct the severity; the difference is charged or comes back',
      z.strictObject({
        priority: prioritySchema,
        reason,
        missionCritical: missionCritical.optional(),
        authorizedCharge: authorizedCharge.optional().meta({
          description:
            'What the customer has agreed that the ticket costs from then on. Without it, a raise by staff takes no units.',
        }),
      }),
    ),
    roles: everyone,
    problems: spending,
  },
  classifyTicket: {
    ...step(
      'classifyTicket',
      'classify',
      'Find a ticket to be a product bug, free or declined: what it cost comes back',
      z.strictObject({
        as: classificationSchema.meta({ description: '`chargeable`: a manager takes such a finding back.' }),
        refundTo: refundToSchema.optional().meta({ description: 'Credits where absent.' }),
        reason: reason.optional().meta({
          description: 'The customer reads it.',
        }),
      }),
    ),
    problems: spending,
  },
  splitTicket: {
    ...step(
      'splitTicket',
      'split',
      'Make tickets of subordinate problems, all of them or none',
      z.strictObject({
        problems: z.array(problem).min(1).max(MOST_PROBLEMS),
        quoteOnly: z
          .boolean()
          .optional()
          .meta({ description: 'Tells the customer what it would cost, and opens and charges nothing.' }),
      }),
    ),
    heavy: true,
    problems: spending,
  },
  requestCallBack: {
    ...step(
      'requestCallBack',
      'callback',
      'Ask for a call: it has a deadline of its own',
      z.strictObject({ phone, ticketId: ticketId.optional() }),
    ),
    roles: everyone,
  },
  rateTicket: {
    ...step(
      'rateTicket',
      'rating',
      'Say how satisfied you are with a closed ticket; the latest word counts',
      z.strictObject({ score: z.number().int().min(1).max(5), comment: prose(5000).optional() }),
    ),
    roles: ['customer'],
  },
} as const satisfies Record<string, Operation>;
