/**
 * The life of one ticket: somebody opens it by one of the channels, and people do things to it at moments of which many lie at, just
 * before or just after what was promised. It knows the contract alone. The trap: what it does next must follow from its own stream and
 * from the desk's answers, never from what other lives do.
 */
import type { Chance } from './chance.ts';
import type { Answer, Ask, FrontDoor, Person } from './front-door.ts';
import { mailFrom } from './mails.ts';
import { buyUnits, engineers, goOver, manager } from './town.ts';
import type { Customer } from './town.ts';
import type { World } from './world.ts';

export interface Life {
  readonly number: number;
  readonly customer: Customer;
  readonly chance: Chance;
  /** Unique: the ticket is known by it in the table. */
  readonly subject: string;
  /** The last moment at which anybody does anything, ms since the epoch. */
  readonly endsAt: number;
  ticketId?: string;
  /** The desk said that it opened the ticket. */
  acknowledged: boolean;
  deadlines: number[];
  status: string;
  steps: number;
}

export interface Stage {
  readonly world: World;
  readonly door: FrontDoor;
  /** How many things happen to a ticket at most. */
  readonly mostSteps: number;
  /** Hears of a life whose ticket was not opened. */
  readonly cameToNothing: () => void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const severityAnswers = (chance: Chance) => ({
  usersAffected: chance.pick(['majority', 'some', 'one']),
  visibility: chance.pick(['high', 'low']),
  workaround: chance.happens(0.5),
  revenueAffected: chance.happens(0.4),
  businessBlocked: chance.happens(0.3),
});

const openingOf = ({ customer, chance, subject }: Life): Record<string, unknown> => {
  const { accountId, planId } = customer;
  const opening = { accountId, subject, description: 'Nothing leaves the queue.' };
  if (planId.startsWith('luxsci')) {
    const priority = chance.weighted({ informational: 1, billing: 1, standard: 4, urgent: 4, emergency: 4 });
    return { ...opening, priority, ...(priority === 'emergency' && { missionCritical: true }) };
  }
  if (planId.startsWith('severity')) return { ...opening, severity: severityAnswers(chance) };
  return opening;
};

/** When something happens next: at a promised moment or close to it, within the hour, or some day. */
const nextMoment = ({ chance, deadlines }: Life, now: number): number => {
  const ahead = deadlines.filter((one) => one >= now);
  if (ahead.length > 0 && chance.happens(0.4)) {
    return Math.max(now, chance.pick(ahead) + chance.pick([-1, 0, 0, 1, 500, 1000, 1000, 2000, 60_000]));
  }
  const wait = chance.weighted({ soon: 5, today: 3, days: 2 });
  const minutes =
    wait === 'soon' ? chance.between(1, 60) : wait === 'today' ? chance.between(60, 720) : chance.between(720, 5760);
  // Whole minutes bring lives together, which is where they meet.
  return Math.ceil((now + minutes * MINUTE) / MINUTE) * MINUTE;
};

const learn = (life: Life, { body }: Answer): void => {
  if (typeof body.status === 'string' && Array.isArray(body.targets)) {
    life.status = body.status;
    life.deadlines = (body.targets as { deadline: string | null; state: string }[]).flatMap(({ deadline, state }) =>
      deadline === null || state !== 'running' ? [] : [Date.parse(deadline)],
    );
  }
};

interface Deed {
  readonly who: Person;
  readonly name: string;
  readonly body: unknown;
  readonly created?: boolean;
}

const deeds: Readonly<Record<string, (life: Life) => Deed>> = {
  answer: ({ chance }) => ({ who: chance.pick(engineers), name: 'messages', body: { body: 'We look at it.' } }),
  note: ({ chance }) => ({
    who: chance.pick(engineers),
    name: 'messages',
    body: { body: 'A note.', visibility: 'internal' },
  }),
  automatic: ({ chance }) => ({
    who: chance.pick(engineers),
    name: 'messages',
    body: { body: 'Received.', automatic: true },
  }),
  pause: ({ chance }) => ({ who: chance.pick(engineers), name: 'pause', body: { reason: 'Which version?' } }),
  plan: ({ chance }) => ({
    who: chance.pick(engineers),
    name: 'plan',
    body: { summary: 'Next release.', expectedBy: '2039-12-01T00:00:00.000Z' },
  }),
  resolve: ({ chance }) => ({ who: chance.pick(engineers), name: 'resolve', body: { summary: 'It is done.' } }),
  escalate: ({ chance }) => ({ who: chance.pick(engineers), name: 'escalate', body: { reason: 'It needs a patch.' } }),
  assign: ({ chance }) => ({
    who: chance.pick(engineers),
    name: 'assign',
    body: { engineer: chance.pick(engineers).email },
  }),
  classify: ({ chance }) => ({
    who: chance.pick([...engineers, manager]),
    name: 'classify',
    body: {
      as: chance.weighted({ 'product-bug': 3, free: 3, declined: 1, chargeable: 2 }),
      ...(chance.happens(0.2) && { refundTo: 'card' }),
    },
  }),
  split: ({ chance, subject }) => ({
    who: chance.pick(engineers),
    name: 'split',
    body: {
      problems: [{ subject: `${subject} part ${String(chance.below(1e9))}`, description: 'A second problem.' }],
      ...(chance.happens(0.3) && { quoteOnly: true }),
    },
  }),
  reprioritize: ({ chance, customer }) => ({
    who: chance.pick([customer.administrator, ...engineers]),
    name: 'reprioritize',
    body: {
      priority: customer.planId.startsWith('severity')
        ? chance.pick(['severity-1', 'severity-2', 'severity-3', 'severity-4'])
        : chance.pick(['standard', 'urgent', 'emergency']),
      reason: 'It is worse than it looked.',
    },
  }),
  write: ({ chance, customer }) => ({
    who: chance.pick([customer.administrator, customer.user]),
    name: 'messages',
    body: { body: 'Version 11.' },
  }),
  close: ({ chance, customer }) => ({
    who: chance.pick([customer.administrator, ...engineers, manager]),
    name: 'close',
    body: {},
  }),
  reopen: ({ customer }) => ({ who: customer.administrator, name: 'reopen', body: { sameProblem: true } }),
  rate: ({ chance, customer }) => ({
    who: customer.administrator,
    name: 'rating',
    body: { score: chance.between(1, 5) },
  }),
  callback: ({ customer }) => ({ who: customer.administrator, name: 'callback', body: { phone: '+1 555 0100' } }),
};

/** What comes to pass, as often as its weight says, by how the ticket stands. */
const inclinations: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  open: {
    answer: 10,
    note: 2,
    automatic: 1,
    pause: 5,
    plan: 2,
    resolve: 6,
    escalate: 2,
    assign: 3,
    classify: 2,
    split: 1,
    reprioritize: 3,
    write: 4,
    close: 2,
    callback: 2,
    mail: 3,
  },
  waiting: { answer: 3, write: 8, mail: 4, resolve: 3, close: 1, reprioritize: 1, note: 1 },
  resolved: { write: 3, mail: 2, close: 4, reopen: 2, rate: 1 },
  closed: { reopen: 3, rate: 5, write: 1, mail: 1, classify: 1 },
  declined: { rate: 1, write: 1, classify: 2 },
};

export const begin = (stage: Stage, life: Life, at: number): void => {
  const { clock } = stage.world.desk;
  clock.at(at, `life ${String(life.number)} begins`, () => open(stage, life));
};

const goOn = (stage: Stage, life: Life): void => {
  const { clock } = stage.world.desk;
  const at = nextMoment(life, clock.now());
  if (life.steps >= stage.mostSteps || at > life.endsAt) return;
  clock.at(at, `life ${String(life.number)} goes on`, () => act(stage, life));
};

const open = (stage: Stage, life: Life): Promise<void> => {
  const { chance, customer, subject } = life;
  life.steps += 1;
  const how = chance.weighted({ api: 10, mail: 4, phone: 1 });
  if (how === 'mail') {
    mailFrom(stage.world, {
      person: customer.administrator,
      subject,
      text: 'Nothing leaves the queue.',
      id: `open-${String(life.number)}`,
      chance,
    });
    // The writer hears of it by mail; this life looks for it.
    const { clock } = stage.world.desk;
    clock.at(clock.now() + 20 * MINUTE, `life ${String(life.number)} looks`, () => look(stage, life));
    return Promise.resolve();
  }
  const body = openingOf(life);
  const byPhone = how === 'phone' && !customer.planId.startsWith('severity');
  const ask: Ask = {
    who: byPhone ? (engineers[0] ?? manager) : chance.pick([customer.administrator, customer.user]),
    route: 'POST /v1/tickets',
    body: byPhone ? { ...body, channel: 'phone', contact: customer.administrator.email } : body,
    key: `open-${String(life.number)}`,
  };
  return stage.door.ask(ask, chance, (answer) => {
    if (answer.status === 201) {
      life.ticketId = answer.body.ticketId as string;
      life.acknowledged = true;
      learn(life, answer);
      goOn(stage, life);
      if (chance.happens(0.03)) void goOver(stage.door, chance, customer, `plan-${String(life.number)}`);
      return;
    }
    if (answer.status === 402) void enrich(stage, life);
    stage.cameToNothing();
  });
};

/** Buys units for those who ask after this one, who is answered for good; or the account goes over to another plan. */
const enrich = ({ door }: Stage, { customer, chance, number }: Life): Promise<void> => {
  if (chance.happens(0.3)) return goOver(door, chance, customer, `plan-${String(number)}`);
  return buyUnits(door, chance, customer.planId, customer.accountId, `units-${String(number)}`);
};

const look = (stage: Stage, life: Life): Promise<void> => {
  const { customer, chance, subject } = life;
  const ask: Ask = { who: customer.administrator, route: 'GET /v1/tickets', key: `look-${String(life.number)}` };
  return stage.door.ask(ask, chance, ({ body }) => {
    const found = ((body.items ?? []) as { ticketId: string; subject: string }[]).find(
      (one) => one.subject === subject,
    );
    if (found === undefined) {
      stage.cameToNothing();
      return;
    }
    life.ticketId = found.ticketId;
    learn(life, { status: 200, body: found });
    goOn(stage, life);
  });
};

const act = (stage: Stage, life: Life): Promise<void> => {
  const { chance, ticketId = '' } = life;
  life.steps += 1;
  const what = chance.weighted(inclinations[life.status] ?? { note: 1 });
  if (what === 'mail') {
    const id = `reply-${String(life.number)}-${String(life.steps)}`;
    mailFrom(stage.world, {
      person: life.customer.administrator,
      subject: 'Re: ticket',
      text: 'It is version 11.',
      id,
      chance,
      ticketId,
    });
    goOn(stage, life);
    return Promise.resolve();
  }
  const deed = deeds[what];
  if (deed === undefined) throw new Error(`nobody knows how to ${what}`);
  const { who, name, body } = deed(life);
  const route = `POST /v1/tickets/{ticketId}/${name}`;
  const key = `${what}-${String(life.number)}-${String(life.steps)}`;
  return stage.door.ask({ who, route, params: { ticketId }, body, key }, chance, (answer) => {
    learn(life, answer);
    goOn(stage, life);
  });
};

export { HOUR, MINUTE };
