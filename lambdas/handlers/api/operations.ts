/** Every operation of the API. The stack's routes, the handlers and the OpenAPI document all come from this list. */
import { accountOperations } from './contract/accounts.ts';
import { erasureOperations } from './contract/erasures.ts';
import { exportOperations } from './contract/export.ts';
import { fileOperations } from './contract/files.ts';
import { lifecycleOperations } from './contract/lifecycle.ts';
import { mailOperations } from './contract/mail.ts';
import { planOperations } from './contract/plans.ts';
import { quarantineOperations } from './contract/quarantine.ts';
import { ratingOperations } from './contract/ratings.ts';
import { reportOperations } from './contract/reports.ts';
import { ticketOperations } from './contract/tickets.ts';
import type { Operation } from './operation.ts';

export const contract = {
  ...planOperations,
  ...accountOperations,
  ...exportOperations,
  ...erasureOperations,
  ...ticketOperations,
  ...fileOperations,
  ...lifecycleOperations,
  ...reportOperations,
  ...quarantineOperations,
  ...mailOperations,
  ...ratingOperations,
};
export type Contract = typeof contract;
export type OperationId = keyof Contract;

export const operations: readonly Operation[] = Object.values(contract);
