export interface Operation {
  readonly operationId: string;
  readonly method: 'GET' | 'POST';
  readonly path: `/v1/${string}`;
  /** Answered without a token. */
  readonly public?: boolean;
}

export const operations: readonly Operation[] = [
  { operationId: 'listPlans', method: 'GET', path: '/v1/plans' },
  { operationId: 'getPlan', method: 'GET', path: '/v1/plans/{planId}' },
  { operationId: 'createAccount', method: 'POST', path: '/v1/accounts' },
  { operationId: 'getTicket', method: 'GET', path: '/v1/tickets/{ticketId}' },
];
