/** Answers the calls of the API for mails that wait for a manager: a release reads the mail, and lets it act as it would have by itself. */
import { catalogue } from '../plans/catalogue.ts';
import { openTable } from '../store/table.ts';
import { answering } from './api/answer.ts';
import { quarantineOperations } from './api/contract/quarantine.ts';
import { changing } from './api/mutation.ts';
import { quarantineMutations, quarantineQueries } from './api/quarantine.ts';
import { asking } from './api/reply.ts';
import { apiEnvironment, claimNamesOf, mailInEnvironment, readEnvironment } from './environment.ts';
import { openFiles } from './files.ts';
import { openMailSettings } from './inbound/settings.ts';
import { openLog } from './log.ts';
import { openMeter } from './metrics.ts';

const environment = readEnvironment(apiEnvironment.extend(mailInEnvironment.shape));
const files = openFiles(environment);

const desk = {
  table: openTable(environment.TABLE_NAME),
  catalogue,
  files,
  mail: files && openMailSettings(environment, files),
};

export const handler = answering({
  operations: quarantineOperations,
  runs: [asking(desk, quarantineQueries), changing(desk, quarantineMutations)],
  claims: claimNamesOf(environment),
  log: openLog(),
  meter: openMeter(environment),
});
