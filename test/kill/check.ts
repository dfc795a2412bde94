/**
 * Whether a desk has kept its word: what its clients know, held against what it has kept. It shares no code with the desk. Each sentence
 * that comes back is one thing that is wrong. The trap: a desk at work is between two states, so it is asked when all has settled.
 */
import type { Asked, Books } from './books.ts';
import { letterName, type Kept, type KeptTicket } from './kept.ts';

type Entry = Kept['entries'][number];
const total = (entries: readonly Entry[]): number => entries.reduce((sum, { amount }) => sum + Number(amount), 0);

const grouped = <Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
};

/** How often each marker stands in the records that requests of a kind write. */
const effects = (kept: Kept): Map<string, number> => {
  const markers = [
    ...kept.accounts.map(({ name }) => name),
    ...kept.tickets.map(({ ticket }) => ticket.subject),
    ...kept.messages.map(({ body }) => body),
    ...kept.events.map(({ type, summary, reason, comment }) =>
      ['resolved', 'escalated', 'paused', 'rated'].includes(type) ? (summary ?? reason ?? comment) : undefined,
    ),
  ];
  const counts = new Map<string, number>();
  for (const marker of markers) {
    const text = String(marker).trim();
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
};

/** What was acknowledged is there once, what was refused is not, and what is in doubt is not there twice. */
const wrongRequests = (kept: Kept, books: Pick<Books, 'asked'>): string[] => {
  const counts = effects(kept);
  const mails = new Map(kept.mailsIn.map(({ messageId, outcome }) => [String(messageId), String(outcome)]));
  const closed = new Set(kept.events.filter(({ type }) => type === 'closed').map(({ ticketId }) => String(ticketId)));
  const expected = (asked: Asked): readonly number[] => {
    if (asked.state === 'in-doubt') return [0, 1];
    if (asked.state === 'refused') return [0];
    const outcome = mails.get(`<${asked.marker}@mail.example.com>`) ?? mails.get(`${asked.marker}@mail.example.com`);
    if (asked.bySmtp) return outcome === undefined ? [] : [outcome === 'opened' ? 1 : 0];
    return [1];
  };
  const found = (asked: Asked): number => {
    if (asked.kind === 'closing') return closed.has(asked.ticketId ?? '') ? 1 : 0;
    return counts.get(asked.marker) ?? 0;
  };
  return books.asked
    .filter(({ kind, state }) => kind !== 'purchase' && !(kind === 'closing' && state !== 'done'))
    .filter((asked) => !expected(asked).includes(found(asked)))
    .map(
      (asked) =>
        `${asked.kind} ${asked.marker}${asked.bySmtp ? ' by SMTP' : ''} is ${asked.state} and stands there ${String(found(asked))} times`,
    );
};

/** Purchases are told apart by their number alone. */
const wrongPurchases = (kept: Kept, { asked }: Pick<Books, 'asked'>): string[] => {
  const purchases = grouped(
    asked.filter(({ kind }) => kind === 'purchase'),
    ({ accountId }) => accountId ?? '',
  );
  const booked = grouped(
    kept.entries.filter(({ kind }) => kind === 'purchase'),
    ({ accountId }) => accountId,
  );
  return [...new Set([...purchases.keys(), ...booked.keys()])].flatMap((accountId) => {
    const theirs = purchases.get(accountId) ?? [];
    const done = theirs.filter(({ state }) => state === 'done').length;
    const most = done + theirs.filter(({ state }) => state === 'in-doubt').length;
    const found = booked.get(accountId)?.length ?? 0;
    return done <= found && found <= most
      ? []
      : [`${accountId} has ${String(found)} purchases, not ${String(done)} to ${String(most)}`];
  });
};

const DIRECTION: Readonly<Record<string, 1 | -1>> = { purchase: 1, grant: 1, credit: 1, charge: -1, expiry: -1 };

/** The ledger adds up to the lots, and every ticket was charged once. */
const wrongMoney = (kept: Kept, books: Pick<Books, 'asked'>): string[] => {
  const ledgers = grouped(kept.entries, ({ accountId }) => accountId);
  const accounts = kept.accounts.flatMap(({ accountId, lots }) => {
    const sum = (ledgers.get(accountId) ?? []).reduce(
      (left, { kind, amount }) => left + (DIRECTION[kind] ?? NaN) * amount,
      0,
    );
    const held = (lots as { remaining: number }[]).reduce((left, { remaining }) => left + remaining, 0);
    return sum === held && held >= 0
      ? []
      : [`${accountId} has ${String(held)} units in lots and ${String(sum)} by its ledger`];
  });
  const charges = grouped(
    kept.entries.filter(({ kind }) => kind === 'charge'),
    ({ ticketId }) => ticketId,
  );
  const tickets = kept.tickets.flatMap(({ ticket: { ticketId, charge } }) => {
    const taken = charges.get(ticketId) ?? [];
    charges.delete(ticketId);
    const isRight = charge.amount === 0 ? taken.length === 0 : taken.length === 1 && total(taken) === charge.amount;
    return isRight
      ? []
      : [
          `${ticketId} costs ${String(charge.amount)} and was charged ${String(taken.length)} times, ${String(total(taken))} in all`,
        ];
  });
  const strays = [...charges.keys()].map((ticketId) => `${ticketId} was charged and is not there`);
  return [...wrongPurchases(kept, books), ...accounts, ...tickets, ...strays];
};

/** The moment at which somebody answered a ticket or it ended, whichever came first. */
const endOfWaiting = (events: readonly Entry[]): string | undefined =>
  events.find(({ type }) => ['answered', 'resolved', 'closed'].includes(type))?.at;

/** Each passed promise is a miss once, and each miss that pays back has one credit, of the whole charge, at its deadline. */
const wrongMakeGoods = (kept: Kept, books: Pick<Books, 'promised'>, now: number): string[] => {
  const events = grouped(kept.events, ({ ticketId }) => ticketId);
  const credits = grouped(
    kept.entries.filter(({ kind }) => kind === 'credit'),
    ({ ticketId }) => ticketId,
  );
  const wrong: string[] = [];
  for (const { ticket } of kept.tickets) {
    const { ticketId, terms, charge } = ticket;
    const misses = (events.get(ticketId) ?? []).filter(({ type }) => type === 'missed');
    const paying = misses.filter(({ target }) => (terms.makeGood as string[]).includes(target));
    const given = credits.get(ticketId) ?? [];
    const due = paying.length > 0 && charge.amount > 0 ? 1 : 0;
    if (new Set(misses.map(({ target, deadline }) => `${target} ${deadline}`)).size !== misses.length) {
      wrong.push(`${ticketId} missed one deadline twice`);
    }
    if (given.length !== due || total(given) !== due * charge.amount || ticket.credited !== due * charge.amount) {
      wrong.push(
        `${ticketId} missed ${String(paying.length)} promises, and ${String(total(given))} of ${String(charge.amount)} came back in ${String(given.length)} credits`,
      );
    }
    if (due === 1 && given[0]?.at !== paying[0]?.deadline)
      wrong.push(`${ticketId} was credited at ${String(given[0]?.at)}, not at its deadline`);
  }
  for (const { ticketId, kind, deadline } of books.promised.filter((one) => one.kind === 'first-response')) {
    const theirs = events.get(ticketId) ?? [];
    if (theirs.some(({ type }) => type === 'reopened')) continue;
    const end = endOfWaiting(theirs);
    const isLate = Date.parse(deadline) < (end === undefined ? now : Date.parse(end));
    const missed = theirs.filter(({ type, target }) => type === 'missed' && target === kind);
    const isRight = isLate ? missed.length === 1 && missed[0]?.deadline === deadline : missed.length === 0;
    if (!isRight)
      wrong.push(
        `${ticketId} promised an answer by ${deadline}, was answered ${end ?? 'never'}, and missed it ${String(missed.length)} times`,
      );
  }
  return wrong;
};

/** The timeline is whole, and the ticket is as old as its last event. */
const wrongTimelines = (kept: Kept): string[] => {
  const events = grouped(kept.events, ({ ticketId }) => ticketId);
  const wrong = kept.tickets.flatMap(({ ticket: { ticketId, version } }) => {
    const numbers = (events.get(ticketId) ?? []).map(({ seq }) => Number(seq));
    return numbers.length === version && numbers.every((seq, place) => seq === place + 1)
      ? []
      : [`${ticketId} is at version ${String(version)} and has the events ${numbers.join(', ')}`];
  });
  const known = new Set(kept.tickets.map(({ ticket }) => ticket.ticketId));
  return [
    ...wrong,
    ...[...events.keys()].filter((id) => !known.has(id)).map((id) => `${id} has events and is not there`),
  ];
};

/** Stands where a ticket waits for people alone. */
const NO_DEADLINE = 'none';
/** A wait without a deadline is read again after so long. */
const LONGEST_WAIT_MS = 30 * 86_400_000;
/** A clock rings a second after its deadline, at a whole second. */
const RINGS_WITHIN_MS = 2_000;

const clockIsRight = ({ deadlineAt, waitUntil }: KeptTicket, dueAt: number, now: number): boolean => {
  if (deadlineAt === undefined || waitUntil !== deadlineAt) return false;
  const deadline = Date.parse(deadlineAt);
  if (deadlineAt === NO_DEADLINE || deadline > now + LONGEST_WAIT_MS)
    return dueAt <= now + LONGEST_WAIT_MS + RINGS_WITHIN_MS;
  return dueAt > deadline && dueAt <= deadline + RINGS_WITHIN_MS;
};

/** What was due before a moment and has not been settled. */
export const unsettled = (kept: Pick<Kept, 'tickets'>, before: number): string[] =>
  kept.tickets
    .filter(({ deadlineAt }) => deadlineAt !== undefined && Date.parse(deadlineAt) < before)
    .map(({ ticket, deadlineAt }) => `${String(ticket.ticketId)} was due at ${String(deadlineAt)} and is not settled`);

/** Every open ticket has a clock that waits for what stands on the ticket, no closed one has any, and nothing due is unsettled. */
const wrongClocks = (kept: Kept, now: number): string[] => {
  const running = new Map(kept.executions.filter(({ status }) => status === 'RUNNING').map((one) => [one.name, one]));
  const failed = kept.executions.filter(({ status }) => status !== 'RUNNING' && status !== 'SUCCEEDED');
  const wrong = failed.map(({ name, status }) => `the clock ${name} has ${status}`);
  for (const one of kept.tickets) {
    const { ticketId } = one.ticket;
    const name = `${String(ticketId)}-${String(one.generation)}`;
    const clock = running.get(name);
    running.delete(name);
    if (one.deadlineAt === undefined) {
      if (clock) wrong.push(`${ticketId} is closed and has a clock`);
      continue;
    }
    const parked = clock?.position?.parked;
    if (parked === undefined)
      wrong.push(`${ticketId} is open and has no clock that waits: ${JSON.stringify(clock?.position ?? null)}`);
    else if (!clockIsRight(one, parked.dueAt ?? Infinity, now)) {
      wrong.push(
        `${ticketId} is due at ${one.deadlineAt} and its clock waits for ${String(one.waitUntil)}, until ${String(parked.dueAt)}`,
      );
    }
  }
  // A clock that gave way to a younger one ends when it rings.
  const generations = new Map(kept.tickets.map(({ ticket, generation }) => [String(ticket.ticketId), generation]));
  const strays = [...running.keys()].filter((name) => {
    const [, ticketId = '', generation] = /^(.*)-(\d+)$/.exec(name) ?? [];
    return Number(generation) > (generations.get(ticketId) ?? -1);
  });
  return [
    ...wrong,
    ...unsettled(kept, now - RINGS_WITHIN_MS),
    ...strays.map((name) => `the clock ${name} runs for no ticket`),
  ];
};

/** Whether the ticket's contact is written to about an event. */
const tellsContact = ({ type, visibility, actor, cause }: Entry): boolean => {
  if (type === 'message') return visibility === 'public' && actor.role !== 'customer';
  if (type === 'escalated') return cause === 'hand';
  return ['opened', 'missed', 'paused', 'resolved', 'reopened', 'closed'].includes(type);
};

/**
 * No letter is lost, none was recorded that did not go out, and one went twice only where it was killed before it was recorded. One to the
 * vendor's people may be without a record there: what it tells can be over when its event is delivered again.
 */
const wrongLetters = (kept: Kept, { excused }: Pick<Books, 'excused'>): string[] => {
  const sent = grouped(kept.letters, ({ cause, to }) => letterName(cause, to));
  const contacts = new Map(kept.tickets.map(({ ticket }) => [ticket.ticketId, ticket.contact.email]));
  const toContacts = kept.events
    .filter(tellsContact)
    .map(({ ticketId, seq }) => letterName(`${ticketId}-${seq}`, String(contacts.get(ticketId))));
  const lost = toContacts
    .filter((name) => !sent.has(name) && kept.mailed.get(name) !== 'withheld')
    .map((name) => `the letter ${name} is lost`);
  const doubled = [...sent]
    .filter(([name, copies]) => copies.length - 1 > (excused.get(name) ?? 0))
    .map(
      ([name, copies]) =>
        `the letter ${name} went out ${String(copies.length)} times, excused ${String(excused.get(name) ?? 0)} times`,
    );
  const unrecorded = [...sent.keys()]
    .filter((name) => kept.mailed.get(name) !== 'sent' && (toContacts.includes(name) || !excused.has(name)))
    .map((name) => `the letter ${name} has no record`);
  const invented = [...kept.mailed]
    .filter(([name, how]) => how === 'sent' && !sent.has(name))
    .map(([name]) => `the letter ${name} is on record and never went out`);
  return [...lost, ...doubled, ...unrecorded, ...invented];
};

/** Everything that is wrong; `now` is the desk's own moment. */
export const wrongs = (kept: Kept, books: Books, now: number): string[] => [
  ...books.complaints,
  ...wrongRequests(kept, books),
  ...wrongMoney(kept, books),
  ...wrongTimelines(kept),
  ...wrongMakeGoods(kept, books, now),
  ...wrongClocks(kept, now),
  ...wrongLetters(kept, books),
  ...(kept.deadLetters > 0 ? [`there are ${String(kept.deadLetters)} dead letters`] : []),
];
