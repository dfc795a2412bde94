/** Woken once a day: sends each entitled account its monthly service report once its month's first working day has begun. */
import { catalogue } from '../plans/catalogue.ts';
import { holidaysOrNone } from '../plans/holidays/holidays.ts';
import { openTable } from '../store/table.ts';
import { openDeskPost } from './desk-post.ts';
import { mailEnvironment, readEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { sendReports } from './report/send.ts';
import { scheduledMoment } from './schedule.ts';

const environment = readEnvironment(tableEnvironment.extend(mailEnvironment.shape));
const table = openTable(environment.TABLE_NAME);
const log = openLog();
const deskName = environment.DESK_NAME;
const post = openDeskPost(table, environment, log);

export const handler = async (event: unknown): Promise<{ sent: number }> => {
  const sending = { table, catalogue, holidaysOf: holidaysOrNone, post, log, deskName };
  const sent = await sendReports(sending, scheduledMoment(event));
  if (sent > 0) log.info('reports sent', { letters: sent });
  return { sent };
};
