/** The operations that the `api` function answers: all that need nothing but the table. */
import { accountOperations } from './accounts.ts';
import { exportOperations } from './export.ts';
import { lifecycleOperations } from './lifecycle.ts';
import { mailOperations } from './mail.ts';
import { planOperations } from './plans.ts';
import { ratingOperations } from './ratings.ts';
import { reportOperations } from './reports.ts';
import { ticketOperations } from './tickets.ts';

export const deskOperations = {
  ...planOperations,
  ...accountOperations,
  ...exportOperations,
  ...ticketOperations,
  ...lifecycleOperations,
  ...reportOperations,
  ...mailOperations,
  ...ratingOperations,
};
