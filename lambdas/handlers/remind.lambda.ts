/** Woken once a day: reminds each manager of the tickets that nobody has answered at TS3 (rule EV-12). */
import { needsReminder } from '../domain/ticket/settle.ts';
import { unansweredTickets } from '../store/queue.ts';
import { openTable } from '../store/table.ts';
import { openDeskPost } from './desk-post.ts';
import { mailEnvironment, readEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { reminderFor } from './mail/letters.ts';
import { scheduledMoment } from './schedule.ts';

const environment = readEnvironment(tableEnvironment.extend(mailEnvironment.shape));
const table = openTable(environment.TABLE_NAME);
const log = openLog();
const post = openDeskPost(table, environment, log);

export const handler = async (event: unknown): Promise<{ reminded: number }> => {
  const now = scheduledMoment(event);
  const unanswered = (await unansweredTickets(table, 'TS3')).filter((ticket) => needsReminder(ticket, now));
  if (unanswered.length === 0) return { reminded: 0 };
  const letters = environment.MANAGERS.map((to) => reminderFor(to, unanswered, environment.DESK_NAME));
  await post.send(letters, `reminder-${now.slice(0, 10)}`, now);
  log.info('reminded', { tickets: unanswered.length, managers: letters.length });
  return { reminded: unanswered.length };
};
