/**
 * What the vendor's own people read where something is late, was missed or is to be called: the tier that has the work, or the managers.
 * What engineers read of their work as it comes stands in `engineer-words.ts`. Every time is told in the customer's zone, and the letter
 * says so, because that is the clock by which the promise counts.
 */
import { isOpenAt } from '../../domain/business-time.ts';
import type { Staff } from '../../domain/mail/part.ts';
import { deadlineOf } from '../../domain/ticket/targets.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import { tellUnits, type Tier } from '../../domain/vocabulary.ts';
import { type Block, paragraphs } from './body.ts';
import { CUSTOMERS_TIME, TITLES } from './titles.ts';
import { momentIn, promisedOn } from './wording.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

/** Who of the vendor's people is told what. */
export interface StaffWords {
  readonly to: readonly string[];
  readonly title: string;
  readonly body: readonly Block[];
}

export const named = ({ ticketId, subject, priority }: Ticket): string =>
  `ticket ${ticketId} (“${subject}”, ${priority})`;

const unanswered = (ticket: Ticket, event: EventOf<'missed'>): Block[] => {
  const { charge, credited, contact, openedAt } = ticket;
  const { timeZone } = ticket.terms;
  const back =
    credited > 0 ? `${tellUnits(credited, charge.unit)} went back to the customer` : 'nothing was charged for it';
  return paragraphs(
    `Nobody has answered ${named(ticket)} at any tier. The span at TS3 ended on ${momentIn(timeZone, event.deadline)}${CUSTOMERS_TIME}.`,
    `It was opened on ${momentIn(timeZone, openedAt)} for ${contact.name}; ${back}.`,
    'You are reminded every day until an engineer answers.',
  );
};

const notCalled = (ticket: Ticket, event: EventOf<'missed'>): Block[] =>
  paragraphs(
    `Nobody has called ${ticket.contact.name} back about ${named(ticket)}. The call was due by ${momentIn(ticket.terms.timeZone, event.deadline)}${CUSTOMERS_TIME}.`,
  );

const toCall = ({ phone }: EventOf<'call-back-requested'>, ticket: Ticket): Block[] => {
  const target = ticket.targets.findLast(({ kind }) => kind === 'call-back');
  const deadline = target && deadlineOf(ticket, target);
  const by = deadline ? ` It is due by ${momentIn(ticket.terms.timeZone, deadline)}${CUSTOMERS_TIME}.` : '';
  return paragraphs(
    `${ticket.contact.name} asks to be called at ${phone} about ${named(ticket)}.${by}`,
    'Call, then write a public message that says so (`calledBack`): that ends the task.',
  );
};

const due = (event: EventOf<'warned'>, ticket: Ticket): Block[] =>
  paragraphs(
    `Ticket ${ticket.ticketId} (“${ticket.subject}”, ${ticket.priority}) is owed ${promisedOn(ticket, event.target)} by ${momentIn(ticket.terms.timeZone, event.deadline)}${CUSTOMERS_TIME}. Three quarters of the time are over.`,
    `It is assigned to ${ticket.assignee ?? 'nobody'}. A public message of an engineer keeps the promise.`,
  );

/** Whether a warning is still worth a mail: nobody has answered, and it is written down within the promise's own hours. */
const stillWarns = (event: EventOf<'warned'>, ticket: Ticket): boolean => {
  const target = ticket.targets.find(({ kind, warnedAt }) => kind === event.target && warnedAt === event.at);
  const calendar = target && ticket.terms.calendars[target.calendar];
  return target?.state === 'running' && calendar !== undefined && isOpenAt(calendar, event.recordedAt);
};

/** A tier without an address is told through the managers. */
export const staffWords = (event: TicketEvent, ticket: Ticket, { managers, tiers }: Staff): StaffWords | undefined => {
  const tier = (one: Tier): readonly string[] => (tiers[one].length > 0 ? tiers[one] : managers);
  switch (event.type) {
    case 'warned':
      return stillWarns(event, ticket)
        ? { to: tier(event.tier), title: TITLES.answerDue, body: due(event, ticket) }
        : undefined;
    case 'call-back-requested':
      return { to: tier(ticket.tier), title: TITLES.callCustomer, body: toCall(event, ticket) };
    case 'missed':
      if (event.target === 'call-back') {
        return { to: managers, title: TITLES.callBackMissed, body: notCalled(ticket, event) };
      }
      return event.tellsManagers
        ? { to: managers, title: TITLES.unanswered, body: unanswered(ticket, event) }
        : undefined;
    default:
      return undefined;
  }
};
