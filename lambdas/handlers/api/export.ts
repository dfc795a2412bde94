/** The export of an account over HTTP: its parts come from the store, and are shown as everywhere else. */
import { contactWith, type Account } from '../../domain/account/account.ts';
import { settleAccount } from '../../domain/account/account-settle.ts';
import { isMessageFor, isWholeTextFor } from '../../domain/ticket/message.ts';
import { isForCustomers, isOnTimeline } from '../../domain/ticket/ticket-event.ts';
import { planOf } from '../../plans/catalogue.ts';
import type { Role } from '../../domain/vocabulary.ts';
import { exportPage, type Exported } from '../../store/export.ts';
import { messageOf } from '../../store/lists.ts';
import { readTogether } from '../../store/read.ts';
import { settleStoredAccount } from '../../store/settle-account.ts';
import type { Desk } from '../commands/desk.ts';
import { shown, shownBalance } from './accounts.ts';
import type { Call } from './call.ts';
import { ownAccount } from '../commands/caller.ts';
import type { Queries } from './desk.ts';
import { Problem } from '../commands/problem.ts';
import * as show from './show.ts';

type ExportCall = Call<'exportAccount'>;

/** Whoever may have all of an account's data at once: its administrators, and the vendor's managers. */
const exported = (account: Account, { caller }: ExportCall): void => {
  if (caller.role === 'manager' || contactWith(account, caller.email)?.role === 'administrator') return;
  throw new Problem('forbidden', 'An account is exported by its administrators and by managers.');
};

const showAll = async (desk: Desk, before: Account, now: ExportCall['now']) => {
  const plan = planOf(desk.catalogue, before);
  const { account } = settleAccount(before, plan, now);
  return {
    kind: 'account' as const,
    account: await shown(desk, account, now),
    balance: shownBalance(desk, account, now),
    remoteAccess: show.showRemoteAccess(account),
  };
};

/** What an opening quotes is the customer's own. */
const isTextFor = async ({ table }: Desk, role: Role, place: { ticketId: string; seq: number }): Promise<boolean> => {
  if (place.seq === 1) return true;
  const message = await messageOf(table, place);
  return message !== undefined && isWholeTextFor(role, message);
};

/** An entry as it is shown, or nothing where it is not for this caller. */
const entryOf = async (desk: Desk, account: Account, { caller, now }: ExportCall, one: Exported): Promise<unknown> => {
  const { role } = caller;
  switch (one.kind) {
    case 'account':
      return showAll(desk, account, now);
    case 'ledger-entry':
      return { kind: one.kind, entry: show.showLedgerEntry(one.entry) };
    case 'account-event':
      return { kind: one.kind, event: show.showAccountEvent(one.event) };
    case 'ticket':
      return { kind: one.kind, ticket: show.showTicket(one.ticket) };
    case 'event': {
      const { event } = one;
      const isShown = role === 'customer' ? isForCustomers : isOnTimeline;
      return isShown(event) && { kind: one.kind, ticketId: event.ticketId, event: show.showEvent(event) };
    }
    case 'message': {
      const { message } = one;
      return isMessageFor(role, message) && { kind: one.kind, message: show.showMessage(message) };
    }
    case 'whole-text':
      return (await isTextFor(desk, role, one.text)) && { kind: one.kind, text: one.text };
    case 'letter':
      return { kind: one.kind, address: one.address, letter: show.showLetter(one) };
    case 'mail':
      return { kind: one.kind, address: one.address, mail: show.showMailOf(one) };
  }
};

export const exportQueries = {
  exportAccount: async (desk, call) => {
    const { accountId } = call.params;
    const { account } = await readTogether(desk.table, { accountId });
    exported(ownAccount(call.caller, accountId, account), call);
    // What time has caused is written first, as any command would: an export shows lines that are written.
    const settled = await settleStoredAccount(desk.table, accountId, (one) => planOf(desk.catalogue, one), call.now);
    const own = ownAccount(call.caller, accountId, settled);
    const { items, ...page } = await exportPage(desk.table, own, call.caller.role, call.query);
    const entries = await Promise.all(items.map((one) => entryOf(desk, own, call, one)));
    return { items: entries.filter((one) => one !== false), ...page };
  },
} satisfies Partial<Queries>;
