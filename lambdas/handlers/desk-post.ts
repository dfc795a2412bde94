/** The post office of a function that writes letters: it sends as the function's environment says, and to no address that takes none. */
import type * as z from 'zod';
import { readStops } from '../store/read.ts';
import type { Table } from '../store/table.ts';
import { inboundOf, type mailEnvironment } from './environment.ts';
import type { Log } from './log.ts';
import { openPost, type Post } from './mail/post.ts';

export const openDeskPost = (table: Table, environment: z.output<typeof mailEnvironment>, log: Log): Post =>
  openPost(table, {
    ...{ sender: environment.SENDER, deskName: environment.DESK_NAME, inbound: inboundOf(environment), log },
    configurationSet: environment.MAIL_CONFIGURATION_SET,
    stopped: (emails) => readStops(table, emails),
  });
