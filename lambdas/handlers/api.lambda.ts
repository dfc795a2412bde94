/** The HTTP API: API Gateway names the operation, this finds it, checks the call, and answers it. */
import { catalogue } from '../plans/catalogue.ts';
import { openTable } from '../store/table.ts';
import { accountMutations, accountQueries } from './api/accounts.ts';
import { answering } from './api/answer.ts';
import type { Mutations, Queries } from './api/desk.ts';
import { lifecycleMutations } from './api/lifecycle.ts';
import { openRatingTokens } from './mail/reply-address.ts';
import { planQueries } from './api/plans.ts';
import { ratingMutations, ratingQueries } from './api/ratings.ts';
import { reportQueries } from './api/reports.ts';
import { ticketMutations, ticketQueries } from './api/tickets.ts';
import { claimsEnvironment, readEnvironment, replyEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';

const environment = readEnvironment(tableEnvironment.extend(claimsEnvironment.shape).extend(replyEnvironment.shape));

const secret = environment.REPLY_SECRET;

const queries: Queries = { ...planQueries, ...accountQueries, ...ticketQueries, ...reportQueries, ...ratingQueries };
const mutations: Mutations = { ...accountMutations, ...ticketMutations, ...lifecycleMutations, ...ratingMutations };

export const handler = answering({
  desk: {
    table: openTable(environment.TABLE_NAME),
    catalogue,
    ratingTokens: secret === undefined ? undefined : openRatingTokens(secret),
  },
  queries,
  mutations,
  claims: {
    role: environment.CLAIM_ROLE,
    account: environment.CLAIM_ACCOUNT,
    email: environment.CLAIM_EMAIL,
    tier: environment.CLAIM_TIER,
  },
  log: openLog(),
});
