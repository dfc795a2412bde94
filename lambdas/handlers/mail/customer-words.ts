/** What the customer reads about each event of a ticket, in plain words. Nothing here knows addresses or sends anything. */
import type { Credited } from '../../domain/account/bookings.ts';
import { reopenableUntil } from '../../domain/ticket/command-end.ts';
import { unitsIn } from '../../domain/ticket/charge.ts';
import { AUTO_CLOSE_DAYS, deadlineOf } from '../../domain/ticket/targets.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import { tellUnits } from '../../domain/vocabulary.ts';
import { type Block, type Link, paragraphs } from './body.ts';
import { cameBack, costs, goodUntil, newCost } from './charge-words.ts';
import { TITLES } from './titles.ts';
import { momentIn, oneOrMore, priorityName, promisedOn, promisesOf, tierTitles } from './wording.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

/** A title, and what it is about. */
export type Words = readonly [title: string, body: readonly Block[]];

/** What a letter can say beside its event and its ticket. */
export interface Saying {
  /** The text of the message that the event is about. */
  readonly messageBody?: string | undefined;
  /** What the miss that the event is about gave back. */
  readonly credit?: Credited | undefined;
  /** Where the reader rates the ticket. */
  readonly ratingUrl?: string | undefined;
}

/** What was promised at the opening, however fast the ticket went on from there. */
const opened = (event: EventOf<'opened'>): Block[] =>
  paragraphs(
    `We received your ticket on ${momentIn(event.terms.timeZone, event.at)}. It is with ${tierTitles[event.tier]}.`,
    costs(event),
    promisesOf({ ...event, pauses: [] }) ?? 'No time is promised for this kind of ticket; we answer as soon as we can.',
  );

const whereNow = (event: EventOf<'missed'>, ticket: Ticket): string => {
  if (event.tellsManagers)
    return 'Where your ticket is now: at TS3, our highest tier. We have told the support managers.';
  const running = ticket.targets.findLast(({ kind, state }) => kind === 'escalation' && state === 'running');
  const deadline = running && deadlineOf(ticket, running);
  const by = deadline ? ` They owe you an answer by ${momentIn(ticket.terms.timeZone, deadline)}.` : '';
  return event.escalatesTo
    ? `Where your ticket is now: with ${tierTitles[event.escalatesTo]}.${event.escalatesTo === ticket.tier ? by : ''}`
    : `Where your ticket is now: with ${tierTitles[ticket.tier]}.`;
};

const isAim = ({ target }: EventOf<'missed'>, ticket: Ticket): boolean =>
  ticket.targets.some(({ kind, state, guaranteed }) => kind === target && state === 'missed' && guaranteed === false);

const missed = (event: EventOf<'missed'>, ticket: Ticket, credit: Credited | undefined): Block[] => {
  const [what, when] = [promisedOn(ticket, event.target), momentIn(ticket.terms.timeZone, event.deadline)];
  return paragraphs(
    isAim(event, ticket)
      ? `We are later than we aimed to be, and we are sorry: you should have had ${what} by ${when}. That was our aim, and no guarantee.`
      : `We are late, and we are sorry. What we missed: we promised you ${what} by ${when}, and did not keep it.`,
    cameBack(event, ticket, credit),
    whereNow(event, ticket),
  );
};

const escalated = ({ to, reason }: EventOf<'escalated'>, ticket: Ticket): Block[] =>
  paragraphs(
    `Your ticket is now with ${tierTitles[to]}. Why: ${reason}`,
    promisesOf(ticket),
    'Nothing that we promised you moves because of it.',
  );

const NOTHING_PROMISED = 'No further time is promised for it; we go on as soon as we can.';

const reopened = ({ from }: EventOf<'reopened'>, ticket: Ticket): Block[] => {
  const promises = promisesOf(ticket);
  const closing = from === 'closed' ? '; the time in which the ticket was closed does not count' : '';
  return promises
    ? paragraphs(`It costs nothing more, and our clocks go on where they stood${closing}.`, promises)
    : paragraphs(`It costs nothing more. ${NOTHING_PROMISED}`);
};

const reprioritized = (event: EventOf<'reprioritized'>, ticket: Ticket, credit: Credited | undefined): Block[] => {
  const { from, to, reason } = event;
  return paragraphs(
    `The priority of your ticket was ${priorityName(from)} and is now ${priorityName(to)}. Why: ${reason}`,
    newCost(event, credit, ticket.terms.timeZone),
    promisesOf({ ...ticket, targets: event.targets }) ?? NOTHING_PROMISED,
  );
};

const findings: Record<EventOf<'classified'>['as'], readonly [title: string, sentence: string]> = {
  'product-bug': [TITLES.productBug, 'We found that this is a fault of our product. You do not pay for it.'],
  free: [TITLES.free, 'We found that help of this kind is free of charge.'],
  declined: [TITLES.declined, 'This is work that our support does not do, so the ticket ends here.'],
  chargeable: [TITLES.chargeable, 'A manager has looked at your ticket again and found that it is to be paid for.'],
};

const ELSEWHERE =
  'Where to turn instead: to your own team on site, a partner or professional services, if we have named nobody else.';

/** Nothing is taken for what was late, or has no price. */
const NOTHING_TAKEN = [
  TITLES.nothingTaken,
  'A manager has looked at your ticket again and found that help of this kind is to be paid for. Nothing is taken for this ticket: what came back of it stays with you.',
] as const;

const findingOf = ({ as, drawn }: EventOf<'classified'>): readonly [title: string, sentence: string] =>
  as === 'chargeable' && drawn.length === 0 ? NOTHING_TAKEN : findings[as];

const classified = (event: EventOf<'classified'>, ticket: Ticket, credit: Credited | undefined): Block[] => {
  const { as, reason, returned, returnedTo, unit, drawn } = event;
  const taken = unitsIn(drawn);
  const where =
    returnedTo === 'card'
      ? 'we have asked for the price to be refunded to your payment card'
      : `${oneOrMore(returned, 'it is', 'they are')} on your account again`;
  return paragraphs(
    findingOf(event)[1],
    reason && `Why: ${reason}`,
    // Whatever the reason says: why it is declined is no direction (rule SX-16).
    as === 'declined' ? ELSEWHERE : undefined,
    returned > 0
      ? `What came back: ${tellUnits(returned, unit)}; ${where}.${goodUntil(credit, ticket.terms.timeZone)}`
      : undefined,
    returned === 0 && as !== 'chargeable' && ticket.charge.amount > 0
      ? 'Nothing was left to give back: what it cost has come back before.'
      : undefined,
    taken > 0 ? `${tellUnits(taken, unit)} ${oneOrMore(taken, 'was', 'were')} taken from your account.` : undefined,
  );
};

/** Splitting is told with what it costs: what each new ticket took, and all of them together (rule SX-12). */
const splitInto = ({ tickets }: EventOf<'split'>): Block[] => {
  const total = tickets.reduce((sum, { charge }) => sum + charge.amount, 0);
  const unit = tickets[0]?.charge.unit;
  const items = tickets.map(
    ({ ticketId, subject, charge }) =>
      `${ticketId} “${subject}”: ${charge.amount === 0 ? 'free' : tellUnits(charge.amount, charge.unit)}`,
  );
  const lead =
    'Your ticket holds more than one problem. So that each gets its own promises, we have made tickets of these:';
  return paragraphs(
    { lead, items },
    total === 0 || unit === undefined
      ? 'They cost nothing.'
      : `What it costs: ${tellUnits(total, unit)} in all, taken from your account. Should one of them be found to be a fault of our product, what it cost comes back.`,
    'The ticket that you opened goes on as it was.',
  );
};

/** The same before it is done, so that the customer can say no. */
const splitOffered = ({ offers, available }: EventOf<'split-quoted'>): Block[] => {
  const total = offers.reduce((sum, { charge }) => sum + charge.amount, 0);
  const unit = offers[0]?.charge.unit;
  const items = offers.map(
    ({ subject, priority, charge }) =>
      `“${subject}” (${priorityName(priority)}): ${charge.amount === 0 ? 'free' : tellUnits(charge.amount, charge.unit)}`,
  );
  const lead =
    'Your ticket holds more than one problem. We would like to make tickets of these, so that each gets its own promises:';
  return paragraphs(
    { lead, items },
    total === 0 || unit === undefined
      ? 'They would cost nothing.'
      : `What it would cost: ${tellUnits(total, unit)} in all; you have ${tellUnits(available, unit)} on hand. Nothing has been taken so far.`,
    'Please answer whether we may. The ticket that you opened goes on as it was.',
  );
};

const closed = (event: EventOf<'closed'>, ticket: Ticket, ratingUrl: string | undefined): Block[] => {
  const link: Link | undefined = ratingUrl === undefined ? undefined : { words: 'Rate this ticket', url: ratingUrl };
  const { timeZone } = ticket.terms;
  const until = reopenableUntil(ticket);
  const again =
    until !== undefined && event.at < until
      ? ` Should the very same problem come back, you can reopen it until ${momentIn(timeZone, until)} at no charge.`
      : '';
  return paragraphs(
    `It was closed on ${momentIn(timeZone, event.at)}.${again}`,
    'How satisfied are you with our help? Please rate this ticket from 1 (not at all) to 5 (entirely).',
    link,
  );
};

const callBack = ({ phone }: EventOf<'call-back-requested'>, ticket: Ticket): Block[] => {
  const target = ticket.targets.findLast(({ kind }) => kind === 'call-back');
  const deadline = target && deadlineOf(ticket, target);
  const by = deadline ? ` by ${momentIn(ticket.terms.timeZone, deadline)}` : '';
  return [`You asked for a call to ${phone}. We call you${by}, free of charge.`];
};

/** What people did about the work itself. */
const workWords = (event: TicketEvent, ticket: Ticket, { ratingUrl }: Saying): Words | undefined => {
  switch (event.type) {
    case 'paused':
      return [
        TITLES.paused,
        paragraphs(
          'We need something from you to go on:',
          event.reason,
          ticket.targets.some(({ kind, state }) => kind === 'resolution' && (state === 'running' || state === 'paused'))
            ? 'The clock of the solution stands still until you answer.'
            : undefined,
        ),
      ];
    case 'planned':
      return [
        TITLES.planned,
        paragraphs(
          'This is how we go on:',
          event.summary,
          `We expect to be done by ${momentIn(ticket.terms.timeZone, event.expectedBy)}.`,
        ),
      ];
    case 'resolved':
      return [
        TITLES.resolved,
        paragraphs(
          'We take your problem for solved:',
          event.summary,
          `If it is not, answer within ${String(AUTO_CLOSE_DAYS)} days and the ticket is open again; else it closes by itself.`,
        ),
      ];
    case 'reopened':
      return [TITLES.reopened, reopened(event, ticket)];
    case 'closed':
      return [TITLES.closed, closed(event, ticket, ratingUrl)];
    default:
      return undefined;
  }
};

/** What the customer reads about an event, or nothing where another letter already says it. */
export const wordsFor = (event: TicketEvent, ticket: Ticket, saying: Saying = {}): Words | undefined => {
  const { messageBody } = saying;
  switch (event.type) {
    case 'opened':
      return [TITLES.opened, opened(event)];
    case 'message':
      return event.visibility === 'public' && event.actor.role !== 'customer' && messageBody !== undefined
        ? [event.automatic ? TITLES.automatic : TITLES.message, [messageBody]]
        : undefined;
    case 'missed':
      return [TITLES.missed, missed(event, ticket, saying.credit)];
    case 'escalated':
      return event.cause === 'hand' ? [TITLES.escalated, escalated(event, ticket)] : undefined;
    case 'reprioritized':
      return [TITLES.reprioritized, reprioritized(event, ticket, saying.credit)];
    case 'classified':
      return [findingOf(event)[0], classified(event, ticket, saying.credit)];
    case 'split-quoted':
      return [TITLES.splitQuoted, splitOffered(event)];
    case 'split':
      return [TITLES.split, splitInto(event)];
    case 'call-back-requested':
      return [TITLES.callBackRequested, callBack(event, ticket)];
    default:
      return workWords(event, ticket, saying);
  }
};
