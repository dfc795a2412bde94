/** The operations on accounts and their units. */
import { z } from 'zod';
import { isZone } from '../../../domain/calendar.ts';
import { contactRoleSchema } from '../../../domain/vocabulary.ts';
import type { Operation } from '../operation.ts';
import { accountId, email, line, pageOf, pageQuery } from './fields.ts';
import { accountView, balanceView, ledgerEntryView, purchaseView } from './views.ts';

const params = z.strictObject({ accountId });

const contacts = z
  .array(z.strictObject({ email, name: line(200), role: contactRoleSchema }))
  .min(1)
  .max(50)
  .refine(
    (people) => new Set(people.map((one) => one.email)).size === people.length,
    'two contacts have the same address',
  );

export const accountOperations = {
  createAccount: {
    operationId: 'createAccount',
    method: 'POST',
    path: '/v1/accounts',
    roles: ['manager'],
    tag: 'Accounts',
    summary: 'Create an account for a customer organisation',
    body: z
      .strictObject({
        name: line(200),
        planId: line(100),
        timeZone: z.string().max(64).refine(isZone, 'must be an IANA time zone, such as Europe/Berlin'),
        region: line(10).meta({ description: 'Whose public holidays count: US, US-CA, GB, DE-BY, …' }),
        contacts,
        tam: z
          .strictObject({ name: line(200), email })
          .optional()
          .meta({ description: 'The technical account manager, in whose name the account gets its service reports.' }),
      })
      .meta({ id: 'NewAccount' }),
    success: { status: 201, schema: accountView, description: 'The account' },
    problems: [],
  },
  getAccount: {
    operationId: 'getAccount',
    method: 'GET',
    path: '/v1/accounts/{accountId}',
    roles: ['customer', 'manager'],
    tag: 'Accounts',
    summary: 'Show an account',
    params,
    success: { status: 200, schema: accountView, description: 'The account' },
    problems: ['not-found'],
  },
  getBalance: {
    operationId: 'getBalance',
    method: 'GET',
    path: '/v1/accounts/{accountId}/balance',
    roles: ['customer', 'manager'],
    tag: 'Accounts',
    summary: 'Show the units on hand and when they expire',
    params,
    success: {
      status: 200,
      schema: balanceView,
      description: 'The balance, lots in the order in which they are spent',
    },
    problems: ['not-found'],
  },
  getLedger: {
    operationId: 'getLedger',
    method: 'GET',
    path: '/v1/accounts/{accountId}/ledger',
    roles: ['customer', 'manager'],
    tag: 'Accounts',
    summary: 'List every change of the units on hand, oldest first',
    params,
    query: pageQuery,
    success: { status: 200, schema: pageOf(ledgerEntryView), description: 'A page of the ledger' },
    problems: ['not-found'],
  },
  purchaseUnits: {
    operationId: 'purchaseUnits',
    method: 'POST',
    path: '/v1/accounts/{accountId}/purchases',
    roles: ['manager'],
    tag: 'Accounts',
    summary: 'Add units that the customer has bought',
    params,
    body: z.strictObject({ amount: z.number().int().min(1).max(1_000_000) }).meta({ id: 'NewPurchase' }),
    success: { status: 201, schema: purchaseView, description: 'The lot that the units are in' },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
