/** The HTTP API: API Gateway names the operation, this finds it, checks the call, and answers it. */
import { catalogue } from '../plans/catalogue.ts';
import { openTable } from '../store/table.ts';
import { accountMutations, accountQueries } from './api/accounts.ts';
import { answering } from './api/answer.ts';
import type { Mutations, Queries } from './api/desk.ts';
import { lifecycleMutations } from './api/lifecycle.ts';
import { mailMutations, mailQueries } from './api/mail-stops.ts';
import { planQueries } from './api/plans.ts';
import { reportQueries } from './api/reports.ts';
import { ticketMutations, ticketQueries } from './api/tickets.ts';
import { claimsEnvironment, readEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';

const environment = readEnvironment(tableEnvironment.extend(claimsEnvironment.shape));

const queries: Queries = { ...planQueries, ...accountQueries, ...ticketQueries, ...reportQueries, ...mailQueries };
const mutations: Mutations = { ...accountMutations, ...ticketMutations, ...lifecycleMutations, ...mailMutations };

export const handler = answering({
  desk: { table: openTable(environment.TABLE_NAME), catalogue },
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
