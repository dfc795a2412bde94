/** The operations on addresses to which mail has stopped. */
import * as z from 'zod';
import type { Operation } from '../operation.ts';
import { email, pageOf, pageQuery, prose } from './fields.ts';
import { mailAddressView, mailStopView } from './views.ts';

const tag = 'Mail';

export const mailOperations = {
  listMailStops: {
    operationId: 'listMailStops',
    method: 'GET',
    path: '/v1/mail-stops',
    roles: ['engineer', 'manager'],
    tag,
    summary: 'List the addresses to which nothing is sent, because mail bounced or was complained of, the latest first',
    query: pageQuery,
    success: { status: 200, schema: pageOf(mailStopView), description: 'A page of addresses' },
    problems: [],
  },
  liftMailStop: {
    operationId: 'liftMailStop',
    method: 'POST',
    path: '/v1/mail-stops/lift',
    roles: ['manager'],
    tag,
    summary: 'Let mail go to an address again',
    body: z
      .strictObject({
        email,
        reason: prose(2000).optional().meta({ description: 'Why it may work again; the account’s history keeps it.' }),
      })
      .meta({ id: 'NewMailStopLift' }),
    success: { status: 200, schema: mailAddressView, description: 'The address as it then stands' },
    problems: ['wrong-state'],
  },
} as const satisfies Record<string, Operation>;
