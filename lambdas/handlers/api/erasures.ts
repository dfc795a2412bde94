/**
 * Erasing a person over HTTP. The first call takes the contact off the account, so that nothing new begins with the address; those that
 * follow go on where the one before ended, however it ended. The last one writes the line of the account's history that says so.
 */
import { contactWith, readersOf, type Account } from '../../domain/account/account.ts';
import type { AccountEvent } from '../../domain/account/account-event.ts';
import { isOnAccount, withoutContact } from '../../domain/account/account-erasure.ts';
import { settleAccount } from '../../domain/account/account-settle.ts';
import { pseudonymOf } from '../../domain/account/erased.ts';
import { planOf } from '../../plans/catalogue.ts';
import { removeFiles } from '../../store/attachments.ts';
import type { Change } from '../../store/commit.ts';
import { eraseStep } from '../../store/erase.ts';
import type { MailObjects } from '../../store/erase-ticket.ts';
import { afterStep, beginErasure, readErasure, type Erasure } from '../../store/erasures.ts';
import type { Files } from '../files.ts';
import { removeRawMail } from '../inbound/raw-mail.ts';
import { ready } from './accounts.ts';
import type { Call } from './call.ts';
import { actorOf, ownAccount } from '../commands/caller.ts';
import type { ApiDesk, Mutations } from './desk.ts';

type ErasureCall = Call<'eraseContact'>;

const objectsOf = (files: Files | undefined): MailObjects => ({
  removeMail: async (sesMessageId) => {
    if (files) await removeRawMail(files.mails, sesMessageId);
  },
  removeFiles: async (sesMessageId, count) => {
    if (files) await removeFiles(files.attachments, sesMessageId, count);
  },
});

const shown = ({ pseudonym: contact, traces, notBefore }: Erasure, done: boolean, now: string) => ({
  ...{ contact, done, traces },
  ...(!done && now < notBefore && { continueAt: notBefore }),
});

/** Takes the contact off the account, and remembers what is to be erased. */
const begin = (desk: ApiDesk, { caller, body: { email }, now, freshId }: ErasureCall, account: Account) => {
  const contact = contactWith(account, email);
  const person = { accountId: account.accountId, email, name: contact?.name, pseudonym: pseudonymOf(freshId()) };
  const isThere = isOnAccount(account, person);
  const erasure = beginErasure(person, { actor: actorOf(caller), now, traces: isThere ? 1 : 0 });
  const { account: settled, entries } = settleAccount(account, planOf(desk.catalogue, account), now);
  const change: Change = {
    erasure: { after: erasure },
    ...(isThere && { account: { before: account, after: withoutContact(settled, person) }, entries }),
    ...(contact && { contactGone: { email, accountId: account.accountId } }),
  };
  return { change, body: shown(erasure, false, now) };
};

/** Nothing was erased where there was no trace; then the history has nothing to tell. */
const finished = ({ accountId, by, pseudonym, traces }: Erasure, { now, freshId }: ErasureCall): AccountEvent[] =>
  traces === 0
    ? []
    : [{ type: 'contact-erased', recordId: `rec_${freshId()}`, accountId, at: now, actor: by, contact: pseudonym }];

const goOn = async (desk: ApiDesk, call: ErasureCall, account: Account, before: Erasure) => {
  const { now } = call;
  if (now < before.notBefore) return { change: {}, body: shown(before, false, now) };
  const heirs = readersOf(account).map(({ email }) => email);
  const step = await eraseStep({ table: desk.table, objects: objectsOf(desk.files), now, heirs }, before);
  const after = afterStep(before, step, now);
  if (after) return { change: { erasure: { before, after } }, body: shown(after, false, now) };
  const whole = { ...before, traces: before.traces + step.traces };
  return { change: { erasure: { before }, accountEvents: finished(whole, call) }, body: shown(whole, true, now) };
};

export const erasureMutations = {
  eraseContact: (desk) => ({
    wants: ({ params }) => ({ accountId: params.accountId }),
    decide: async (call, found) => {
      const { accountId } = call.params;
      ownAccount(call.caller, accountId, found.account);
      const account = await ready(desk, call, found);
      const erasure = await readErasure(desk.table, accountId, call.body.email);
      return erasure ? goOn(desk, call, account, erasure) : begin(desk, call, account);
    },
  }),
} satisfies Mutations<'erasure'>;
