/** The operations on accounts and their units. */
import * as z from 'zod';
import { MOST_CONTACTS } from '../../../domain/account/account.ts';
import { isZone } from '../../../domain/time/calendar.ts';
import { contactRoleSchema } from '../../../domain/vocabulary.ts';
import { everyone, type Operation } from '../operation.ts';
import { accountFacts, accountId, email, line, pageOf, pageQuery, prose, ticketId } from './fields.ts';
import * as views from './views.ts';
import { accountView, balanceView, ledgerEntryView, purchaseView } from './views.ts';

const params = z.strictObject({ accountId });

/** What an account is called and where it is. */
const details = {
  name: line(200),
  timeZone: z.string().max(64).refine(isZone, 'must be an IANA time zone, such as Europe/Berlin'),
  region: line(10).meta({ description: 'Whose public holidays count: US, US-CA, GB, DE-BY, …' }),
};

const contact = z.strictObject({ email, name: line(200), role: contactRoleSchema });
const contacts = z
  .array(contact)
  .min(1)
  .max(MOST_CONTACTS)
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
        ...details,
        planId: line(100),
        contacts,
        ...accountFacts.shape,
      })
      .meta({ id: 'NewAccount' }),
    success: { status: 201, schema: accountView, description: 'The account' },
    problems: ['not-entitled'],
  },
  listAccounts: {
    operationId: 'listAccounts',
    method: 'GET',
    path: '/v1/accounts',
    roles: ['engineer', 'manager'],
    tag: 'Accounts',
    summary: 'List the accounts, newest first, or find those of a person by mail address',
    query: pageQuery.extend({
      email: email
        .optional()
        .meta({ description: 'Only accounts of which this address is a contact now; all accounts where absent.' }),
    }),
    success: { status: 200, schema: pageOf(views.accountSummaryView), description: 'A page of accounts' },
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
    body: z
      .strictObject({
        amount: z.number().int().min(1).max(1_000_000),
        addOn: line(100).optional().meta({ description: 'The add-on that the units are for, such as axigen-gold.' }),
      })
      .meta({ id: 'NewPurchase' }),
    success: { status: 201, schema: purchaseView, description: 'The lot that the units are in' },
    problems: ['not-found', 'not-entitled'],
  },
  recordFacts: {
    operationId: 'recordFacts',
    method: 'POST',
    path: '/v1/accounts/{accountId}/facts',
    roles: ['manager'],
    tag: 'Accounts',
    summary: 'Record what has changed about a customer, its product or its term',
    params,
    body: accountFacts
      .extend({
        renews: z
          .boolean()
          .optional()
          .meta({ description: 'Whether another term follows; true after the end of a term begins a new one.' }),
      })
      .refine((facts) => Object.keys(facts).length > 0, 'must name at least one fact')
      .meta({ id: 'NewFacts', minProperties: 1 }),
    success: { status: 200, schema: accountView, description: 'The account as it then stands' },
    problems: ['not-found', 'not-entitled'],
  },
  setContact: {
    operationId: 'setContact',
    method: 'POST',
    path: '/v1/accounts/{accountId}/contacts',
    roles: ['manager'],
    tag: 'Accounts',
    summary: 'Add a contact to an account, or give the one with this address another name or role',
    params,
    body: contact.meta({ id: 'NewContact' }),
    success: { status: 200, schema: accountView, description: 'The account as it then stands' },
    problems: ['not-found', 'wrong-state'],
  },
  changeDetails: {
    operationId: 'changeDetails',
    method: 'POST',
    path: '/v1/accounts/{accountId}/details',
    roles: ['manager'],
    tag: 'Accounts',
    summary: 'Give an account another name, time zone or region',
    params,
    body: z
      .strictObject(details)
      .partial()
      .refine((changes) => Object.keys(changes).length > 0, 'must name at least one detail')
      .meta({
        id: 'NewDetails',
        minProperties: 1,
        description: 'Tickets that are open keep the hours and holidays that they were opened under.',
      }),
    success: { status: 200, schema: accountView, description: 'The account as it then stands' },
    problems: ['not-found'],
  },
  changePlan: {
    operationId: 'changePlan',
    method: 'POST',
    path: '/v1/accounts/{accountId}/subscription',
    roles: ['manager'],
    tag: 'Accounts',
    summary: 'Put an account on another plan of its programme, from now on',
    params,
    body: z.strictObject({ planId: line(100) }).meta({
      id: 'NewSubscription',
      description:
        'A term of the plan begins, with the units that come with it; units on hand stay until they expire, and tickets that are open keep the terms that they were opened under.',
    }),
    success: { status: 200, schema: accountView, description: 'The account as it then stands' },
    problems: ['not-found', 'not-entitled'],
  },
  getHistory: {
    operationId: 'getHistory',
    method: 'GET',
    path: '/v1/accounts/{accountId}/history',
    roles: everyone,
    tag: 'Accounts',
    summary:
      'List what was recorded of an account, its contacts and its plan, benefits used and remote access given, oldest first',
    params,
    query: pageQuery,
    success: { status: 200, schema: pageOf(views.accountEventView), description: 'A page of the history' },
    problems: ['not-found'],
  },
  listBenefits: {
    operationId: 'listBenefits',
    method: 'GET',
    path: '/v1/accounts/{accountId}/benefits',
    roles: everyone,
    tag: 'Benefits',
    summary: 'Show what comes with the plan besides tickets, and how much of it is left',
    params,
    success: {
      status: 200,
      schema: z.object({ items: z.array(views.benefitView) }),
      description: 'Every benefit in its present period',
    },
    problems: ['not-found'],
  },
  redeemBenefit: {
    operationId: 'redeemBenefit',
    method: 'POST',
    path: '/v1/accounts/{accountId}/benefits',
    roles: ['customer', 'manager'],
    tag: 'Benefits',
    summary: 'Use a benefit once',
    params,
    body: z.strictObject({ benefit: line(100) }).meta({ id: 'NewRedemption' }),
    success: { status: 201, schema: views.benefitView, description: 'The benefit as it then stands' },
    problems: ['not-found', 'not-entitled'],
  },
  getRemoteAccess: {
    operationId: 'getRemoteAccess',
    method: 'GET',
    path: '/v1/accounts/{accountId}/remote-access',
    roles: everyone,
    tag: 'Remote access',
    summary: 'Show whether engineers may enter the customer’s systems',
    params,
    success: { status: 200, schema: views.remoteAccessView, description: 'The customer’s last word' },
    problems: ['not-found'],
  },
  setRemoteAccess: {
    operationId: 'setRemoteAccess',
    method: 'POST',
    path: '/v1/accounts/{accountId}/remote-access',
    roles: ['customer'],
    tag: 'Remote access',
    summary: 'Permit remote access, or withdraw the permission',
    params,
    body: z.strictObject({ granted: z.boolean(), note: prose(2000).optional() }).meta({ id: 'NewRemoteAccess' }),
    success: { status: 200, schema: views.remoteAccessView, description: 'The customer’s word as it then stands' },
    problems: ['not-found'],
  },
  recordRemoteSession: {
    operationId: 'recordRemoteSession',
    method: 'POST',
    path: '/v1/accounts/{accountId}/remote-sessions',
    roles: ['engineer'],
    tag: 'Remote access',
    summary: 'Record that an engineer enters the customer’s systems',
    params,
    body: z.strictObject({ purpose: prose(2000), ticketId: ticketId.optional() }).meta({ id: 'NewRemoteSession' }),
    success: { status: 201, schema: views.accountEventView, description: 'The line of the history' },
    problems: ['not-found', 'not-entitled'],
  },
} as const satisfies Record<string, Operation>;
