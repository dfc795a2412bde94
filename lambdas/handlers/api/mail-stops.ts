/** Addresses to which mail has stopped, over HTTP. A lifted stop is told in the history of each account that has the contact. */
import type { AccountEvent } from '../../domain/account/account-event.ts';
import { afterLift, type MailStop } from '../../domain/mail/address.ts';
import { accountsOfContact } from '../../store/inbound-mails.ts';
import { listStops } from '../../store/lists.ts';
import type { Table } from '../../store/table.ts';
import { actorOf } from '../commands/caller.ts';
import type { Mutations, Queries } from './desk.ts';
import { Problem } from '../commands/problem.ts';

const showStop = async (table: Table, email: string, { state, at: since, reason }: MailStop) => ({
  ...{ email, state, since, reason },
  accounts: await accountsOfContact(table, email),
});

export const mailQueries = {
  listMailStops: async ({ table }, { query }) => {
    const { items, ...page } = await listStops(table, query);
    return { items: await Promise.all(items.map(({ email, stop }) => showStop(table, email, stop))), ...page };
  },
} satisfies Partial<Queries>;

export const mailMutations = {
  liftMailStop: ({ table }) => ({
    wants: ({ body }) => ({ address: body.email }),
    decide: async ({ caller, body, now, freshId }, { address: before }) => {
      const { email, reason } = body;
      const actor = actorOf(caller);
      const after = afterLift(before, { actor, now, reason });
      if (!before?.stop || !after) throw new Problem('wrong-state', `Nothing stops mail to ${email}.`, { mail: 'ok' });
      const { state, at } = before.stop;
      const accounts = await accountsOfContact(table, email);
      const accountEvents = accounts.map((accountId): AccountEvent => {
        const line = { recordId: `rec_${freshId()}`, accountId, at: now, actor, email, stopped: { state, at } };
        return { type: 'mail-resumed', ...line, ...(reason !== undefined && { reason }) };
      });
      return { change: { address: { before, after }, accountEvents }, body: { email, mail: 'ok', accounts } };
    },
  }),
} satisfies Partial<Mutations>;
