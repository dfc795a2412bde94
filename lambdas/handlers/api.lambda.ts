/** The HTTP API: API Gateway names the operation, this finds it, checks the call, and answers it. */
import { catalogue } from '../plans/catalogue.ts';
import { openTable } from '../store/table.ts';
import { accountMutations, accountQueries } from './api/accounts.ts';
import { answering } from './api/answer.ts';
import type { Mutations, Queries } from './api/desk.ts';
import { erasureMutations } from './api/erasures.ts';
import { exportQueries } from './api/export.ts';
import { fileQueries } from './api/files.ts';
import { lifecycleMutations } from './api/lifecycle.ts';
import { mailMutations, mailQueries } from './api/mail-stops.ts';
import { planQueries } from './api/plans.ts';
import { quarantineMutations, quarantineQueries } from './api/quarantine.ts';
import { ratingMutations, ratingQueries } from './api/ratings.ts';
import { reportQueries } from './api/reports.ts';
import { ticketMutations, ticketQueries } from './api/tickets.ts';
import {
  claimsEnvironment,
  limitsOf,
  mailInEnvironment,
  quotaEnvironment,
  readEnvironment,
  tableEnvironment,
} from './environment.ts';
import { openFiles } from './files.ts';
import { openMailSettings } from './inbound/settings.ts';
import { openLog } from './log.ts';
import { openRatingTokens } from './mail/reply-address.ts';

const environment = readEnvironment(
  tableEnvironment.extend(claimsEnvironment.shape).extend(quotaEnvironment.shape).extend(mailInEnvironment.shape),
);
const files = openFiles(environment);
const secret = environment.REPLY_SECRET;

const queries: Queries = {
  ...planQueries,
  ...accountQueries,
  ...exportQueries,
  ...ticketQueries,
  ...fileQueries,
  ...reportQueries,
  ...quarantineQueries,
  ...mailQueries,
  ...ratingQueries,
};
const mutations: Mutations = {
  ...accountMutations,
  ...erasureMutations,
  ...ticketMutations,
  ...lifecycleMutations,
  ...quarantineMutations,
  ...mailMutations,
  ...ratingMutations,
};

export const handler = answering({
  desk: {
    table: openTable(environment.TABLE_NAME),
    catalogue,
    files,
    mail: files && openMailSettings(environment, files),
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
  limits: limitsOf(environment),
  log: openLog(),
});
