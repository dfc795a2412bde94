/**
 * What a plan may not say although it fits its schema: figures that contradict each other, and figures that no rule would ever read, of
 * which a vendor would learn from a customer. It judges no terms, however hard. It must not be part of a function (`programme-file.ts`).
 */
import type { Plan } from '../domain/plan/plan.ts';
import { appliesTo, chargeOf } from '../domain/plan/plan.ts';
import { severityAnswersSchema, type SeverityAnswers } from '../domain/plan/plan-rules.ts';
import { channelSchema, type Channel, type Priority } from '../domain/vocabulary.ts';
import { fits } from '../domain/opening/severity.ts';
import { calendarComplaints, isLonger, spanComplaints, zoneComplaint } from './check-calendars.ts';
import { quoted, repeated, type Complaint } from './complaint.ts';

/** The most units that a purchase or an agreed charge may have by the contract. */
const MOST_UNITS = 1_000_000;
/** Expiries and terms are written as instants, whose years have four digits. */
const LONGEST_PERIOD_YEARS = 100;
const MONTHS_A_YEAR = 12;
/** The contract takes names and ids of these lengths. */
const LONGEST_NAME = 200;
const LONGEST_ID = 64;

const nameComplaints = ({ planId, name, summary, programme }: Plan): Complaint[] => [
  ...(planId.length > LONGEST_ID ? [{ path: ['planId'], message: `has more than ${LONGEST_ID} characters` }] : []),
  ...Object.entries({ programme, name, summary }).flatMap(([field, text]) =>
    text.trim() === '' || text.length > LONGEST_NAME || /\p{Cc}/u.test(text)
      ? [{ path: [field], message: `must be one line of at most ${LONGEST_NAME} characters, not blank` }]
      : [],
  ),
];

/** Priorities of different scales can't be compared, so nobody could tell which change is a raise. */
const scaleOf = (priority: Priority): string =>
  priority === 'normal' ? priority : priority.startsWith('severity-') ? 'severity' : 'urgency';

const priorityComplaints = ({ priorities, defaultPriority }: Plan): Complaint[] => [
  ...(new Set(priorities.map(scaleOf)).size > 1
    ? [
        {
          path: ['priorities'],
          message:
            'mixes scales: take "normal" alone, or some of "severity-1" to "severity-4", or some of "informational", "billing", "standard", "urgent", "emergency"',
        },
      ]
    : []),
  ...(priorities.includes(defaultPriority)
    ? []
    : [{ path: ['defaultPriority'], message: `is none of the plan's priorities: ${quoted(priorities)}` }]),
];

/** Lists in which a word says nothing the second time. */
const listComplaints = ({ priorities, channels, makeGood, purchases: { packs = [] }, ...plan }: Plan): Complaint[] => {
  const lists = { priorities, channels, makeGood };
  const namesOfWork = plan.categories.flatMap(({ category, also = [] }, at) => [
    { name: category, path: ['categories', at, 'category'] },
    ...also.map((name, place) => ({ name, path: ['categories', at, 'also', place] })),
  ]);
  return [
    ...Object.entries(lists).flatMap(([field, list]) => repeated(list).map((at) => ({ path: [field, at] }))),
    ...repeated(packs).map((at) => ({ path: ['purchases', 'packs', at] })),
    ...repeated(namesOfWork.map(({ name }) => name)).map((at) => ({ path: namesOfWork[at]?.path ?? [] })),
    ...repeated(plan.benefits.map(({ benefit }) => benefit)).map((at) => ({ path: ['benefits', at, 'benefit'] })),
    ...repeated(plan.grants.map(({ on }) => on)).map((at) => ({ path: ['grants', at, 'on'] })),
  ].map(({ path }) => ({ path, message: 'stands there twice, and only the first counts: leave one out' }));
};

/** Every priority that a figure is limited to, with its place. */
const namedPriorities = (plan: Plan): { path: PropertyKey[]; priority: Priority }[] => {
  const { charges, targets, conditions, severities } = plan;
  const limited = Object.entries({ charges, targets, conditions }).flatMap(([field, figures]) =>
    figures.flatMap(({ priorities = [] }, at) =>
      priorities.map((priority, place) => ({ path: [field, at, 'priorities', place], priority })),
    ),
  );
  const demanded = conditions.flatMap((condition, at) =>
    condition.needs === 'priority'
      ? condition.oneOf.map((priority, place) => ({ path: ['conditions', at, 'oneOf', place], priority }))
      : [],
  );
  return [
    ...limited,
    ...demanded,
    ...severities.map(({ priority }, at) => ({ path: ['severities', at, 'priority'], priority })),
  ];
};

const limitComplaints = (plan: Plan): Complaint[] => [
  ...namedPriorities(plan)
    .filter(({ priority }) => !plan.priorities.includes(priority))
    .map(({ path }) => ({
      path,
      message: `is none of the plan's priorities: ${quoted(plan.priorities)}`,
      idle: true as const,
    })),
  ...Object.entries({ charges: plan.charges, targets: plan.targets, conditions: plan.conditions }).flatMap(
    ([field, figures]) =>
      figures.flatMap(({ priorities }, at) =>
        priorities?.length === 0
          ? [{ path: [field, at, 'priorities'], message: 'names none: leave it out where all are meant' }]
          : [],
      ),
  ),
];

/** Which charge a ticket would pay, by its place among the charges; a figure for a channel that this plan lacks may be of others. */
const chargesTaken = ({ charges, priorities }: Plan): Set<number> =>
  new Set(
    channelSchema.options.flatMap((channel) =>
      priorities.map((priority) => charges.findIndex((rule) => appliesTo(rule, { channel, priority }))),
    ),
  );

const chargeComplaints = (plan: Plan): Complaint[] => {
  const { charges, channels, priorities } = plan;
  const isPriced = (channel: Channel, priority: Priority): boolean =>
    chargeOf(charges, { channel, priority }) !== undefined;
  const taken = chargesTaken(plan);
  const unpriced = 'has no charge at all, so no such ticket could be opened: add one (0 is free), or leave it out';
  return [
    ...charges.flatMap(({ amount }, at) => (amount > MOST_UNITS ? [tooMany(['charges', at, 'amount'])] : [])),
    ...charges.flatMap((_charge, at) =>
      taken.has(at)
        ? []
        : [
            {
              path: ['charges', at],
              message: 'is never taken: one before it fits first, or no ticket fits it',
              idle: true as const,
            },
          ],
    ),
    ...priorities.flatMap((priority, at) =>
      channels.some((channel) => isPriced(channel, priority)) ? [] : [{ path: ['priorities', at], message: unpriced }],
    ),
    ...channels.flatMap((channel, at) =>
      priorities.some((priority) => isPriced(channel, priority)) ? [] : [{ path: ['channels', at], message: unpriced }],
    ),
  ];
};

/** Everything that an opener can answer about the harm. */
const everyAnswer: SeverityAnswers[] = severityAnswersSchema.shape.usersAffected.options.flatMap((usersAffected) =>
  (['high', 'low'] as const).flatMap((visibility) =>
    [true, false].flatMap((workaround) =>
      [true, false].flatMap((revenueAffected) =>
        [true, false].map((businessBlocked) => ({
          usersAffected,
          visibility,
          workaround,
          revenueAffected,
          businessBlocked,
        })),
      ),
    ),
  ),
);

const severityComplaints = ({ severities }: Plan): Complaint[] => {
  const proposed = new Set(everyAnswer.map((answers) => severities.findIndex((rule) => fits(rule, answers))));
  return severities.flatMap((_rule, at) =>
    proposed.has(at)
      ? []
      : [{ path: ['severities', at], message: 'is never proposed: one before it fits first, or no answer fits it' }],
  );
};

const tooMany = (path: PropertyKey[]): Complaint => ({ path, message: `is more than ${MOST_UNITS}` });

const periodComplaint = (period: string | undefined, path: PropertyKey[]): Complaint[] => {
  const count = Number(period?.slice(1, -1) ?? 0);
  const years = period?.endsWith('Y') ? count : period?.endsWith('M') ? count / MONTHS_A_YEAR : 0;
  return years > LONGEST_PERIOD_YEARS ? [{ path, message: `is more than ${LONGEST_PERIOD_YEARS} years` }] : [];
};

/** What an add-on takes from the account's own plan, where alone it is read. */
const addOnComplaints = ({ addOnTo, term, grants, benefits }: Plan): Complaint[] =>
  addOnTo === undefined
    ? []
    : Object.entries({ term: term ? [term] : [], grants, benefits }).flatMap(([field, figures]) =>
        figures.length === 0
          ? []
          : [{ path: [field], message: 'is nothing that an add-on has: its units are bought, the rest is its plan’s' }],
      );

const unitComplaints = (plan: Plan): Complaint[] => {
  const { charges, purchases, grants, term } = plan;
  const costs = charges.every(({ amount }) => amount > 0);
  return [
    ...(purchases.packs ?? []).flatMap((pack, at) => (pack > MOST_UNITS ? [tooMany(['purchases', 'packs', at])] : [])),
    ...periodComplaint(purchases.validFor, ['purchases', 'validFor']),
    ...periodComplaint(term?.length, ['term', 'length']),
    ...grants.flatMap((grant, at) => [
      ...(grant.amount > MOST_UNITS ? [tooMany(['grants', at, 'amount'])] : []),
      ...(grant.on === 'calendar-month' ? zoneComplaint(grant.zone, ['grants', at, 'zone']) : []),
      ...(grant.on === 'first-edition' ? periodComplaint(grant.validFor, ['grants', at, 'validFor']) : []),
      ...(grant.on === 'term' && !term
        ? [{ path: ['grants', at, 'on'], message: 'needs a `term` of the plan, which has none' }]
        : []),
    ]),
    ...(costs && purchases.packs?.length === 0 && grants.length === 0
      ? [
          {
            path: ['purchases', 'packs'],
            message: 'sells nothing, nothing is granted, and every ticket costs: nobody could open one',
          },
        ]
      : []),
    ...addOnComplaints(plan),
  ];
};

const targetComplaints = (plan: Plan): Complaint[] => {
  const { targets, priorities } = plan;
  const promised = (priority: Priority, kind: string): number =>
    targets.findIndex((rule) => rule.kind === kind && appliesTo({ priorities: rule.priorities }, { priority }));
  const longer = priorities.flatMap((priority) => {
    const [response, resolution] = [promised(priority, 'first-response'), promised(priority, 'resolution')];
    const [answer, solution] = [targets[response], targets[resolution]];
    return answer && solution && isLonger(answer, solution) ? [response] : [];
  });
  const again = targets.flatMap(({ kind, priorities: limits }, at) =>
    priorities.some((priority) => appliesTo({ priorities: limits }, { priority }) && promised(priority, kind) < at)
      ? [at]
      : [],
  );
  return [
    ...targets.flatMap((target, at) => spanComplaints(target, plan, at)),
    ...again.map((at) => ({
      path: ['targets', at],
      message: 'promises again what one before it promises at the same priority: a ticket has one of each kind',
    })),
    ...[...new Set(longer)].map((at) => ({
      path: ['targets', at, 'span'],
      message: 'is longer than the span of the resolution at the same priority',
    })),
    ...targets.flatMap(({ kind }, at) =>
      kind === 'call-back'
        ? [
            {
              path: ['targets', at, 'kind'],
              message: 'is promised to nobody who opens a ticket: who asks for a call gets the desk’s own time',
            },
          ]
        : [],
    ),
    ...targets.flatMap(({ kind, planCounts }, at) =>
      planCounts === undefined || kind === 'resolution'
        ? []
        : [{ path: ['targets', at, 'planCounts'], message: 'belongs to a resolution: no plan is an answer' }],
    ),
  ];
};

/** Units that are said to come back for a promise that nobody makes. */
const makeGoodComplaints = ({ makeGood, targets }: Plan): Complaint[] =>
  makeGood.flatMap((kind, at) =>
    targets.some((target) => target.kind === kind && target.guaranteed !== false)
      ? []
      : [
          {
            path: ['makeGood', at],
            message: 'gives back for the miss of a promise that the plan does not make',
            idle: true as const,
          },
        ],
  );

/** Everything that is wrong with a plan that fits its schema. */
export const planComplaints = (plan: Plan): Complaint[] => {
  const basics = [...nameComplaints(plan), ...priorityComplaints(plan), ...calendarComplaints(plan)];
  const figures = [
    ...listComplaints(plan),
    ...limitComplaints(plan),
    ...chargeComplaints(plan),
    ...severityComplaints(plan),
  ];
  const promises = [...targetComplaints(plan), ...makeGoodComplaints(plan)];
  const currencies = plan.listPrices.flatMap(({ currency }, at) =>
    currency === undefined || /^[A-Z]{3}$/.test(currency)
      ? []
      : [{ path: ['listPrices', at, 'currency'], message: 'is no currency such as "EUR"' }],
  );
  return [...basics, ...figures, ...unitComplaints(plan), ...promises, ...currencies];
};
