/**
 * Who may call what: the access contract of the API, written by hand from the contract's own text and from nothing in the code. The
 * test beside it plays each row with everybody, on their own account and on somebody else's, and fails for an operation without a row.
 *
 * To add an operation, add a row under its operationId:
 *
 *   nameOfOperation: {
 *     call: { path: '/v1/tickets/{ticketId}/name', body: { … } },      // a GET has no body; placeholders are filled in
 *     on: 'open',                                                      // a fresh ticket in this state for each caller, if one is named
 *     may: { administrator: 'yes', user: 'yes', stranger: 'hidden', engineer: 'yes', manager: 'no' },
 *   },
 *
 * `yes`: answered with success · `no`: 403 `forbidden`, for the role · `hidden`: 404, as if it did not exist · `plan`: 403
 * `not-entitled`, because the plan leaves it to others. `stranger` is a contact of another account, `engineer` any tier's. Whoever
 * comes without a token, without a role, or as a customer of no account is refused everywhere but at what is `open` to all; that
 * needs no row.
 */
export type Verdict = 'yes' | 'no' | 'hidden' | 'plan';
/**
 * `mailed`: its second event is a mail with a file; `quarantined`: a mail that names it waits for a manager; `bounced`: a
 * letter about it has come back.
 */
export type TicketState = 'open' | 'answered' | 'resolved' | 'closed' | 'mailed' | 'quarantined' | 'bounced';
export const callers = ['administrator', 'user', 'stranger', 'engineer', 'manager'] as const;
export type Caller = (typeof callers)[number];

export interface Row {
  readonly call: { readonly path: string | readonly string[]; readonly body?: unknown };
  /** The account's plan; tokens by priority unless the operation needs another. */
  readonly plan?: string;
  readonly on?: TicketState;
  readonly may: Readonly<Record<Caller, Verdict>>;
  /** Answered without a token. */
  readonly open?: true;
  /** Whoever holds the signed link may, and nobody is asked who they are: test/handlers/ratings.test.ts plays these. */
  readonly byLink?: true;
}

const everybody = { administrator: 'yes', user: 'yes', stranger: 'yes', engineer: 'yes', manager: 'yes' } as const;
const ownAndStaff = { ...everybody, stranger: 'hidden' } as const;
const ownAndManager = { ...ownAndStaff, engineer: 'no' } as const;
const staff = { administrator: 'no', user: 'no', stranger: 'no', engineer: 'yes', manager: 'yes' } as const;
const manager = { ...staff, engineer: 'no' } as const;
const engineer = { ...staff, manager: 'no' } as const;
const own = { administrator: 'yes', user: 'yes', stranger: 'hidden', engineer: 'no', manager: 'no' } as const;

const account = '/v1/accounts/{accountId}';
const ticket = '/v1/tickets/{ticketId}';
const mail = '/v1/quarantine/{mailId}';
const newTicket = { accountId: '{accountId}', subject: 'Mail is stuck', description: 'Nothing leaves.' };
const emergency = {
  ...newTicket,
  channel: 'phone',
  priority: 'emergency',
  missionCritical: true,
  authorizedCharge: 10,
};

export const access: Readonly<Record<string, Row>> = {
  listPlans: { call: { path: '/v1/plans' }, may: everybody },
  getPlan: { call: { path: '/v1/plans/scalix-basic' }, may: everybody },
  getContract: { call: { path: '/v1/openapi.json' }, may: everybody, open: true },

  createAccount: {
    call: {
      path: '/v1/accounts',
      body: {
        name: 'Example Ltd',
        planId: 'scalix-basic',
        timeZone: 'Europe/Berlin',
        region: 'DE-BY',
        contacts: [{ email: 'bea@example.com', name: 'Bea', role: 'administrator' }],
      },
    },
    may: manager,
  },
  // Whoever calls an engineer on the telephone is found by their address.
  listAccounts: { call: { path: ['/v1/accounts', '/v1/accounts?email=ann@example.com'] }, may: staff },
  getAccount: { call: { path: account }, may: ownAndManager },
  getBalance: { call: { path: `${account}/balance` }, may: ownAndManager },
  getLedger: { call: { path: `${account}/ledger` }, may: ownAndManager },
  purchaseUnits: { call: { path: `${account}/purchases`, body: { amount: 5 } }, may: manager },
  recordFacts: { call: { path: `${account}/facts`, body: { productRelease: '11.4' } }, may: manager },
  setContact: {
    call: { path: `${account}/contacts`, body: { email: 'zoe@example.com', name: 'Zoe', role: 'user' } },
    may: manager,
  },
  changeDetails: { call: { path: `${account}/details`, body: { name: 'Example and Daughters' } }, may: manager },
  changePlan: { call: { path: `${account}/subscription`, body: { planId: 'luxsci-token-dedicated' } }, may: manager },
  getHistory: { call: { path: `${account}/history` }, may: ownAndStaff },
  // Each customer's own users see tickets; all of it at once is for administrators.
  exportAccount: { call: { path: `${account}/export` }, may: { ...ownAndManager, user: 'no' } },
  eraseContact: { call: { path: `${account}/erasures`, body: { email: 'zoe@example.com' } }, may: manager },
  getReport: { call: { path: `${account}/reports/2026-03` }, may: ownAndManager },
  getReportPage: { call: { path: `${account}/reports/2026-03/page` }, may: ownAndManager },
  listBenefits: { call: { path: `${account}/benefits` }, may: ownAndStaff },
  redeemBenefit: {
    call: { path: `${account}/benefits`, body: { benefit: 'training-enrolment' } },
    plan: 'scalix-platinum',
    may: ownAndManager,
  },
  getRemoteAccess: { call: { path: `${account}/remote-access` }, may: ownAndStaff },
  setRemoteAccess: { call: { path: `${account}/remote-access`, body: { granted: true } }, may: own },
  recordRemoteSession: {
    call: { path: `${account}/remote-sessions`, body: { purpose: 'Look at the queue.', ticketId: '{ticketId}' } },
    on: 'open',
    may: engineer,
  },

  quoteTicket: { call: { path: '/v1/quotes', body: newTicket }, may: ownAndStaff },
  // Tokens are for administrators; an engineer opens for whoever calls, a manager not at all.
  openTicket: {
    call: { path: '/v1/tickets', body: emergency },
    may: { administrator: 'yes', user: 'plan', stranger: 'hidden', engineer: 'yes', manager: 'no' },
  },
  listTickets: { call: { path: '/v1/tickets?accountId={accountId}' }, may: ownAndStaff },
  getTicket: { call: { path: ticket }, on: 'open', may: ownAndStaff },
  getTimeline: { call: { path: `${ticket}/timeline` }, on: 'open', may: ownAndStaff },
  explainTicket: { call: { path: `${ticket}/explanation` }, on: 'open', may: ownAndStaff },
  listMessages: { call: { path: `${ticket}/messages` }, on: 'open', may: ownAndStaff },
  postMessage: {
    call: { path: `${ticket}/messages`, body: { body: 'Any news?' } },
    on: 'open',
    may: { ...own, engineer: 'yes' },
  },

  assignTicket: { call: { path: `${ticket}/assign`, body: { engineer: 'eve@example.com' } }, on: 'open', may: staff },
  escalateTicket: { call: { path: `${ticket}/escalate`, body: { reason: 'Research.' } }, on: 'open', may: staff },
  pauseTicket: { call: { path: `${ticket}/pause`, body: { reason: 'Which version?' } }, on: 'answered', may: staff },
  planTicket: {
    call: { path: `${ticket}/plan`, body: { summary: 'A patch.', expectedBy: '2026-03-05T12:00:00Z' } },
    on: 'answered',
    may: staff,
  },
  resolveTicket: { call: { path: `${ticket}/resolve`, body: { summary: 'Done.' } }, on: 'answered', may: staff },
  closeTicket: { call: { path: `${ticket}/close`, body: {} }, on: 'resolved', may: ownAndStaff },
  reopenTicket: { call: { path: `${ticket}/reopen`, body: { sameProblem: true } }, on: 'closed', may: ownAndStaff },
  // Raising a priority spends tokens, which is for administrators as opening is.
  reprioritizeTicket: {
    call: { path: `${ticket}/reprioritize`, body: { priority: 'urgent', reason: 'It grows.' } },
    on: 'open',
    may: { ...ownAndStaff, user: 'plan' },
  },
  classifyTicket: { call: { path: `${ticket}/classify`, body: { as: 'free' } }, on: 'open', may: staff },
  splitTicket: {
    call: { path: `${ticket}/split`, body: { problems: [{ subject: 'Fonts', description: 'Too small.' }] } },
    on: 'open',
    may: staff,
  },
  requestCallBack: {
    call: { path: `${ticket}/callback`, body: { phone: '+1 555 0100' } },
    on: 'open',
    may: ownAndStaff,
  },
  rateTicket: { call: { path: `${ticket}/rating`, body: { score: 5 } }, on: 'closed', may: own },
  listQueue: { call: { path: ['TS1', 'TS2', 'TS3'].map((tier) => `/v1/queues/${tier}`) }, may: staff },

  getAttachment: { call: { path: `${ticket}/attachments/att_2_1` }, on: 'mailed', may: ownAndStaff },
  getMessageText: { call: { path: `${ticket}/messages/2/text` }, on: 'mailed', may: ownAndStaff },
  getRawMail: { call: { path: `${ticket}/messages/2/raw` }, on: 'mailed', may: staff },
  listQuarantine: { call: { path: '/v1/quarantine' }, on: 'quarantined', may: manager },
  getQuarantinedMail: { call: { path: mail }, on: 'quarantined', may: manager },
  releaseMail: { call: { path: `${mail}/release`, body: { reason: 'It is hers.' } }, on: 'quarantined', may: manager },
  dropMail: { call: { path: `${mail}/drop`, body: { reason: 'Nobody knows it.' } }, on: 'quarantined', may: manager },
  listMailStops: { call: { path: '/v1/mail-stops' }, may: staff },
  liftMailStop: {
    call: { path: '/v1/mail-stops/lift', body: { email: 'ann@example.com' } },
    on: 'bounced',
    may: manager,
  },
  getRatingPage: { call: { path: '/v1/ratings/{token}' }, may: everybody, byLink: true },
  rateByLink: { call: { path: '/v1/ratings/{token}', body: { score: 5 } }, may: everybody, byLink: true },
};
