/**
 * The letters about an account's units, to those who look after it: its administrators, or where it has none all its contacts. They
 * name no ticket, so that an answer to one is not taken for an answer to a ticket.
 */
import { readersOf, type Account } from '../../domain/account/account.ts';
import { nextUnitsAt, type BalanceNotice, type ExpiryNotice } from '../../domain/account/notices.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { tellUnits } from '../../domain/vocabulary.ts';
import { paragraphs } from './body.ts';
import { type Letter, writeLetter } from './letter.ts';
import { TITLES_WITH } from './titles.ts';
import { momentIn, oneOrMore } from './wording.ts';

/** A letter with the name under which it is sent once to each reader. */
export interface AccountLetter {
  readonly letter: Letter;
  readonly cause: string;
}

const listed = (amounts: readonly number[]): string =>
  amounts.length === 1 ? String(amounts[0]) : `${amounts.slice(0, -1).join(', ')} or ${String(amounts.at(-1))}`;

/** What units are sold in; nothing where a plan sells none. */
export const soldAs = ({ unit, purchases: { packs } }: Plan): string | undefined => {
  if (packs?.length === 0) return undefined;
  return packs ? `We sell ${unit}s in packs of ${listed(packs)}.` : `We sell any number of ${unit}s.`;
};

/** How more units come: the next allowance, and what is sold. */
const howMoreCome = (account: Account, plan: Plan): string[] => {
  const at = nextUnitsAt(account, plan);
  const next = at === undefined ? [] : [`The next allowance comes on ${momentIn(account.timeZone, at)}.`];
  const sold = soldAs(plan);
  return sold === undefined ? next : [...next, `${sold} Tell us how many you want.`];
};

/** Too few units are left for a ticket of the usual kind. `opening` names the event that left so few. */
export const balanceLetters = (
  { account, plan, deskName }: { account: Account; plan: Plan; deskName: string },
  { left, usual }: BalanceNotice,
  opening: string,
): AccountLetter[] => {
  const kind = plan.addOnTo ? ` of ${plan.name}` : '';
  const units = `${left === 0 ? `no ${plan.unit}s` : tellUnits(left, plan.unit)}${kind}`;
  const body = paragraphs(
    `There ${oneOrMore(left, 'is', 'are')} ${units} left on the account of ${account.name}. A ticket${kind} usually costs ${tellUnits(usual, plan.unit)}: another one of that kind can’t be opened until more come.`,
    ...howMoreCome(account, plan),
    ...(plan.addOnTo ? ['Tickets of your plan itself are not touched by that.'] : []),
    'Tickets that are open go on as they are. You are told this once, until more come.',
  );
  return readersOf(account).map((reader) => ({
    cause: `balance-low-${opening}`,
    letter: writeLetter({
      reader,
      title: TITLES_WITH.tooFew(`${plan.unit}s${kind}`),
      about: account.name,
      body,
      signature: deskName,
    }),
  }));
};

/** What units that will expire are still good for. Those of an add-on wait where the account has gone over to a plan without it. */
const goodFor = ({ planId }: Account, { addOnTo }: Plan, kind: string, { lot, lapsed }: ExpiryNotice): string => {
  const they = oneOrMore(lot.remaining, 'it', 'they');
  if (lapsed) return `The term of your plan has ended: before a new one begins, ${they} can’t be spent either.`;
  if (addOnTo && !addOnTo.includes(planId))
    return `Your plan is one without this add-on: before you are on one with it again, ${they} can’t be spent either.`;
  return `What expires first is spent first, so ${oneOrMore(lot.remaining, 'it pays', 'they pay')} for your next tickets${kind}.`;
};

/** Units that will expire soon. `plan` is the one that they are for, the account's own or an add-on. */
export const expiryLetters = (
  account: Account,
  plan: Plan,
  notice: ExpiryNotice,
  deskName: string,
): AccountLetter[] => {
  const { lot, days } = notice;
  const { remaining, expiresAt, lotId } = lot;
  const units = tellUnits(remaining, plan.unit);
  const kind = plan.addOnTo ? ` of ${plan.name}` : '';
  const body = paragraphs(
    `${units}${kind} on the account of ${account.name} ${oneOrMore(remaining, 'expires', 'expire')} on ${momentIn(account.timeZone, expiresAt)}. From then on ${oneOrMore(remaining, 'it', 'they')} can’t be spent.`,
    goodFor(account, plan, kind, notice),
  );
  return readersOf(account).map((reader) => ({
    cause: `expiring-${account.accountId}-${lotId}-${String(days)}`,
    letter: writeLetter({
      reader,
      title: TITLES_WITH.willExpire(units),
      about: account.name,
      ...{ body, signature: deskName },
    }),
  }));
};
