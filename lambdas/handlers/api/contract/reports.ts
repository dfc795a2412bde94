/** The operations that give account of what the desk did. */
import { z } from 'zod';
import { everyone, type Operation } from '../operation.ts';
import { explanationView } from './explanation-view.ts';
import { ticketId } from './fields.ts';

export const reportOperations = {
  explainTicket: {
    operationId: 'explainTicket',
    method: 'GET',
    path: '/v1/tickets/{ticketId}/explanation',
    roles: everyone,
    tag: 'Tickets',
    summary: 'Explain each deadline, charge, credit and escalation: rule, calendar, hours counted, pauses',
    params: z.strictObject({ ticketId }),
    success: { status: 200, schema: explanationView, description: 'The explanation' },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
