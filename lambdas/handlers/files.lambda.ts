/** Answers the calls of the API for what mails brought to tickets: links to files and to the mails themselves, and whole texts. */
import { openTable } from '../store/table.ts';
import { answering } from './api/answer.ts';
import { fileOperations } from './api/contract/files.ts';
import { fileQueries } from './api/files.ts';
import { asking } from './api/reply.ts';
import { apiEnvironment, claimNamesOf, filesEnvironment, readEnvironment } from './environment.ts';
import { openFiles } from './files.ts';
import { openLog } from './log.ts';
import { openMeter } from './metrics.ts';

const environment = readEnvironment(apiEnvironment.extend(filesEnvironment.shape));

const desk = { table: openTable(environment.TABLE_NAME), files: openFiles(environment) };

export const handler = answering({
  operations: fileOperations,
  runs: [asking(desk, fileQueries)],
  claims: claimNamesOf(environment),
  log: openLog(),
  meter: openMeter(environment),
});
