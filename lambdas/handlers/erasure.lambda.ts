/**
 * Answers the call of the API that erases a person. It is a function of its own because no other may delete anything: neither an item of
 * the table nor what mails brought.
 */
import { catalogue } from '../plans/catalogue.ts';
import { openTable } from '../store/table.ts';
import { answering } from './api/answer.ts';
import { erasureOperations } from './api/contract/erasures.ts';
import { erasureMutations } from './api/erasures.ts';
import { changing } from './api/mutation.ts';
import { apiEnvironment, claimNamesOf, filesEnvironment, readEnvironment } from './environment.ts';
import { openFiles } from './files.ts';
import { openLog } from './log.ts';
import { openMeter } from './metrics.ts';

const environment = readEnvironment(apiEnvironment.extend(filesEnvironment.shape));

const desk = { table: openTable(environment.TABLE_NAME), catalogue, files: openFiles(environment) };

export const handler = answering({
  operations: erasureOperations,
  runs: [changing(desk, erasureMutations)],
  claims: claimNamesOf(environment),
  log: openLog(),
  meter: openMeter(environment),
});
