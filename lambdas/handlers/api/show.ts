/** How records are shown: what stays inside (internal messages, lots of a charge, the terms) is left out here. */
import type { Account } from '../../domain/account/account.ts';
import type { MailStop } from '../../domain/mail/address.ts';
import type { AccountEvent } from '../../domain/account/account-event.ts';
import { hasLapsed } from '../../domain/account/account-settle.ts';
import { placedBy } from '../../domain/account/bookings.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { inSpendingOrder, type Draw, type LedgerEntry, type Lot } from '../../domain/account/ledger.ts';
import { addOnUnits, ownUnits } from '../../domain/account/on-hand.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { deadlineOf, nextDeadline } from '../../domain/ticket/targets.ts';
import type { MailSource } from '../../domain/ticket/attachment.ts';
import type { Message } from '../../domain/ticket/message.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import type { InboundMail } from '../../store/inbound-mails.ts';
import type { MailboxEntry } from '../../store/mailboxes.ts';

/** What stops mail to addresses, by the address in lower case. */
export type Stops = ReadonlyMap<string, MailStop>;

const showContact = (contact: Account['contacts'][number], stops: Stops) => {
  const stop = stops.get(contact.email.toLowerCase());
  return {
    ...contact,
    mail: stop?.state ?? ('ok' as const),
    ...(stop && { mailStop: { since: stop.at, reason: stop.reason } }),
  };
};

export const showAccount = (account: Account, now: Instant, stops: Stops) => {
  const { accountId, name, planId, timeZone, region, contacts, facts, subscription, createdAt } = account;
  const term = subscription && { ...subscription, active: !hasLapsed(account, now) };
  return {
    ...{ accountId, name, planId, timeZone, region },
    contacts: contacts.map((contact) => showContact(contact, stops)),
    ...facts,
    ...(term && { subscription: term }),
    createdAt,
  };
};

/** What tells one account from another, and who its people are. */
export const showAccountSummary = (account: Account) => {
  const { accountId, name, planId, timeZone, region, contacts, createdAt } = account;
  return { accountId, name, planId, timeZone, region, contacts, createdAt };
};

/**
 * Units on hand, those of each add-on apart: they pay for its tickets only (rule AX-01). All of them can be spent as long as the account's
 * term runs, and wait for the next one where it has ended. `addOns` are those of the plan that the account is on.
 */
export const showBalance = (
  account: Account,
  { unit, addOns: ofPlan }: Pick<Plan, 'unit'> & { readonly addOns: readonly string[] },
  now: Instant,
) => {
  const { lots } = account;
  const addOns = addOnUnits(account, ofPlan, now);
  return {
    unit,
    available: ownUnits(account, now),
    lots: inSpendingOrder(lots).map(({ lotId, remaining, expiresAt, source, addOn }) => ({
      lotId,
      remaining,
      expiresAt: expiresAt ?? null,
      source,
      ...(addOn !== undefined && { addOn }),
    })),
    ...(addOns.length > 0 && {
      addOns: addOns.map(({ planId, available }) => ({ planId, unit, available })),
    }),
  };
};

export const showRemoteAccess = ({ remoteAccess }: Account) => remoteAccess ?? { granted: false };

export const showAccountEvent = ({ accountId: _accountId, ...event }: AccountEvent) => event;

export const showLot = ({ lotId, amount, expiresAt }: Lot) => ({ lotId, amount, expiresAt: expiresAt ?? null });

export const showLedgerEntry = ({ accountId: _accountId, actor: _actor, ...entry }: LedgerEntry) => entry;

export const showTicket = (ticket: Ticket) => {
  const { terms, charge, credited, targets, classification, mail, ...shown } = ticket;
  const { pauses: _pauses, closures: _closures, version: _version, ...rest } = shown;
  const { changedAt: _changedAt, unansweredSince: _unansweredSince, withdrawn: _withdrawn, ...facts } = rest;
  const deadline = nextDeadline(ticket)?.at;
  return {
    ...facts,
    ...showMail(mail),
    planId: terms.planId,
    charge: { unit: charge.unit, amount: charge.amount, credited },
    targets: targets.map((target) => ({
      kind: target.kind,
      tier: target.tier,
      state: target.state,
      deadline: deadlineOf(ticket, target) ?? null,
      ...(target.guaranteed === false && { guaranteed: target.guaranteed }),
      ...(target.endedAt !== undefined && { endedAt: target.endedAt }),
    })),
    ...(deadline !== undefined && { nextDeadline: deadline }),
    ...(classification && { classification: showClassification(classification) }),
  };
};

/** That it came by mail; under which name the mail is stored is nobody's business. */
const showMail = (mail: MailSource | undefined) => mail && { mail: { shortened: mail.shortened } };

export const showMessage = ({ mail, ...message }: Message) => ({ ...message, ...showMail(mail) });

const showClassification = ({ by: _by, ...classification }: NonNullable<Ticket['classification']>) => classification;

export const showQuarantinedMail = (mail: InboundMail) => {
  const { sesMessageId: mailId, answer: _answer, messageId: _messageId, received, ...shown } = mail;
  return { mailId, ...shown, ...received };
};

type Letter = Extract<MailboxEntry, { kind: 'letter' }>;

/** By which id SES knows it is nobody's business. */
export const showLetter = ({ letter: { at, cause: about, withheld }, ticketId }: Letter) => ({
  ...{ at, about },
  ...(ticketId !== undefined && { ticketId }),
  ...(withheld !== undefined && { withheld }),
});

/** A mail as whoever it names is told of it: who else it names, and what a manager saw of it, stays inside. */
export const showMailOf = ({ mail, wrote }: Extract<MailboxEntry, { kind: 'mail' }>) => {
  const { sesMessageId: mailId, at, outcome, reason, ticketId } = mail;
  return { mailId, at, wrote, outcome, reason, ...(ticketId !== undefined && { ticketId }) };
};

const showDraws = (draws: readonly Pick<Draw, 'lotId' | 'amount'>[]) =>
  draws.map(({ lotId, amount }) => ({ lotId, amount }));

/** A credit names the lots that it went to, as the ledger does. */
const showCredited = (event: Extract<TicketEvent, { type: 'credited' }>) => {
  const { ticketId: _ticketId, accountId: _accountId, recordedAt: _recordedAt, draws: _draws, ...credited } = event;
  return { ...credited, lots: showDraws(placedBy(event)) };
};

/** An event without what its reader has elsewhere: the terms and lots of the opening. */
export const showEvent = (event: TicketEvent) => {
  if (event.type === 'credited') return showCredited(event);
  const { ticketId: _ticketId, accountId: _accountId, recordedAt: _recordedAt, ...facts } = event;
  if (facts.type === 'opened') {
    const { terms, charge, targets: _targets, description: _description, mail: _mail, left: _left, ...opened } = facts;
    return { ...opened, planId: terms.planId, charge: { unit: charge.unit, amount: charge.amount } };
  }
  if (facts.type === 'reprioritized') {
    const { targets: _targets, withdrawn: _withdrawn, drawn, ...reprioritized } = facts;
    return { ...reprioritized, drawn: showDraws(drawn) };
  }
  if (facts.type === 'classified') return { ...facts, drawn: showDraws(facts.drawn) };
  return facts;
};
