/** Answers the calls of the API: API Gateway names the operation, this finds it, checks the call, and answers it. */
import { catalogue } from '../plans/catalogue.ts';
import { openTable } from '../store/table.ts';
import { accountMutations, accountQueries } from './api/accounts.ts';
import { answering } from './api/answer.ts';
import { deskOperations } from './api/contract/desk.ts';
import type { Mutations, Queries } from './api/desk.ts';
import { exportQueries } from './api/export.ts';
import { lifecycleMutations } from './api/lifecycle.ts';
import { mailMutations, mailQueries } from './api/mail-stops.ts';
import { changing } from './api/mutation.ts';
import { planQueries } from './api/plans.ts';
import { ratingMutations, ratingQueries } from './api/ratings.ts';
import { asking } from './api/reply.ts';
import { reportQueries } from './api/reports.ts';
import { ticketMutations, ticketQueries } from './api/tickets.ts';
import {
  apiEnvironment,
  claimNamesOf,
  limitsOf,
  quotaEnvironment,
  readEnvironment,
  replyEnvironment,
} from './environment.ts';
import { openLog } from './log.ts';
import { openRatingTokens } from './mail/reply-address.ts';
import { openMeter } from './metrics.ts';

const environment = readEnvironment(
  apiEnvironment.extend(quotaEnvironment.shape).extend(replyEnvironment.pick({ REPLY_SECRET: true }).shape),
);
const secret = environment.REPLY_SECRET;

const queries: Queries = {
  ...planQueries,
  ...accountQueries,
  ...exportQueries,
  ...ticketQueries,
  ...reportQueries,
  ...mailQueries,
  ...ratingQueries,
};
const mutations: Mutations = {
  ...accountMutations,
  ...ticketMutations,
  ...lifecycleMutations,
  ...mailMutations,
  ...ratingMutations,
};

const desk = {
  table: openTable(environment.TABLE_NAME),
  catalogue,
  ratingTokens: secret === undefined ? undefined : openRatingTokens(secret),
};

export const handler = answering({
  operations: deskOperations,
  runs: [asking(desk, queries), changing(desk, mutations, limitsOf(environment))],
  claims: claimNamesOf(environment),
  log: openLog(),
  meter: openMeter(environment),
});
