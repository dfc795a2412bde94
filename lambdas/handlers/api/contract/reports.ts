/** The operations that give account of what the desk did. */
import * as z from 'zod';
import { everyone, type Operation } from '../operation.ts';
import { explanationView } from './explanation-view.ts';
import { accountId, ticketId } from './fields.ts';
import { reportView } from './report-view.ts';

const monthParams = z.strictObject({
  accountId,
  month: z
    .string()
    .regex(/^(?:199[0-9]|20[0-9]{2})-(?:0[1-9]|1[0-2])$/, 'must be a month such as 2026-03')
    .meta({ description: 'A calendar month of the account’s own zone, such as `2026-03`.' }),
});

export const reportOperations = {
  explainTicket: {
    operationId: 'explainTicket',
    method: 'GET',
    heavy: true,
    path: '/v1/tickets/{ticketId}/explanation',
    roles: everyone,
    tag: 'Tickets',
    summary: 'Explain each deadline, charge, credit and escalation: rule, calendar, hours counted, pauses',
    params: z.strictObject({ ticketId }),
    success: { status: 200, schema: explanationView, description: 'The explanation' },
    problems: ['not-found'],
  },
  getReport: {
    operationId: 'getReport',
    method: 'GET',
    heavy: true,
    path: '/v1/accounts/{accountId}/reports/{month}',
    roles: ['customer', 'manager'],
    tag: 'Accounts',
    summary: 'The monthly service report',
    params: monthParams,
    success: { status: 200, schema: reportView, description: 'The report; of a running month, its figures so far' },
    problems: ['not-found'],
  },
  getReportPage: {
    operationId: 'getReportPage',
    method: 'GET',
    heavy: true,
    path: '/v1/accounts/{accountId}/reports/{month}/page',
    roles: ['customer', 'manager'],
    tag: 'Accounts',
    summary: 'The monthly service report as a page with charts',
    params: monthParams,
    success: {
      status: 200,
      schema: z.string(),
      contentType: 'text/html; charset=utf-8',
      description: 'A page without scripts and without resources from elsewhere',
    },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
