import { describe, expect, it } from 'vitest';
import { ruleBookSchema } from '../../lambdas/domain/explanation/rule-book.ts';
import { catalogue, programmeFiles, programmeOf } from '../../lambdas/plans/catalogue.ts';
import { readCatalogue, readProgrammeFile } from '../../lambdas/plans/programme-file.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';

const EVERY_PLAN = [
  ...['basic', 'basic-annual', 'bronze', 'silver', 'gold', 'platinum', 'incident'].map((name) => `scalix-${name}`),
  ...['basic', 'first', 'premium', 'gold', 'golive'].map((name) => `axigen-${name}`),
  ...['token-dedicated', 'token-platform', 'flat-users', 'flat-administrators'].map((name) => `luxsci-${name}`),
  ...['professional', 'enterprise', 'gold'].map((name) => `severity-${name}`),
];

const always = [['00:00', '24:00']];
const calendar = {
  zone: 'Etc/UTC',
  weekly: { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always },
  holidays: 'none',
  source: 'contract',
};
const file = {
  sources: { contract: 'A contract' },
  common: {
    ...{ version: 1, programme: 'orbit', summary: 'For tests.', unit: 'incident', listPrices: [] },
    charges: [{ amount: 1, source: 'contract' }],
    purchases: { source: 'contract' },
    ...{ priorities: ['normal'], defaultPriority: 'normal', channels: ['api'], openers: 'contacts', makeGood: [] },
    calendars: { day: calendar, night: calendar },
    notes: [{ about: 'charges', reading: 'Of every plan.' }],
    targets: [],
  },
  plans: [
    { planId: 'orbit-one', name: 'One' },
    {
      ...{ planId: 'orbit-two', name: 'Two', channels: ['email'] },
      targets: [{ kind: 'first-response', span: 'PT1H', calendar: 'night', source: 'contract' }],
      notes: [{ about: 'channels', reading: 'Of this one.' }],
    },
  ],
};
const withPlan = (plan: object) => ({ ...file, plans: [...file.plans, plan] });

describe('the catalogue', () => {
  it('is taken on trust by a function, because its files hold whole plans as the schema has them', () => {
    expect([...catalogue.values()]).toStrictEqual(programmeFiles.flatMap(readProgrammeFile));
  });

  it('has every plan of the four programmes, each with its notes and none with words for a source', () => {
    expect([...catalogue.keys()]).toEqual(EVERY_PLAN);
    for (const plan of catalogue.values()) {
      expect(plan.notes.length, plan.planId).toBeGreaterThan(2);
      expect(plan.planId.startsWith(`${plan.programme}-`)).toBe(true);
    }
  });

  it.each([
    ['SX-06', 'scalix', /written channel \(API, web, chat\) counts as e-mail/],
    ['AX-02', 'axigen', /CET is read as the zone Europe\/Berlin/],
    ['AX-03', 'axigen', /Premium, Gold and GoLive, whose hours .* every hour of the year/],
    ['AX-08', 'axigen', /TS2 is handed to the beta-testing team/],
    ['LX-05', 'luxsci-token', /begun when an engineer says so/],
    ['LX-08', 'luxsci', /every day of the week/],
    ['SV-02', 'severity', /CET is read as the zone Europe\/Berlin/],
    ['SV-07', 'severity-professional', /no time is promised, nothing is credited/],
    ['EV-05', 'scalix', /good for 30 days/],
    ['EV-05', 'severity', /good for 30 days/],
    ['EV-12', 'scalix', /names no remedy/],
    ['EV-12', 'axigen', /names no remedy/],
    ['EV-12', 'severity', /names no remedy/],
  ])('keeps how a gap of rule %s was read as a note of each %s plan', (_rule, plans, reading) => {
    for (const { planId, notes } of catalogue.values()) {
      if (planId.startsWith(plans)) expect(JSON.stringify(notes), planId).toMatch(reading);
    }
  });

  it('knows the plans of a programme, its add-ons among them', () => {
    const names = programmeOf(catalogue, catalogue.get('axigen-premium')!).map(({ planId }) => planId);
    expect(names).toEqual(EVERY_PLAN.filter((planId) => planId.startsWith('axigen-')));
  });
});

it('the rule book is taken on trust by a function, because it fits its schema', () => {
  expect(ruleBookSchema.parse(ruleBook)).toStrictEqual(ruleBook);
});

describe('a programme file', () => {
  it('gives each plan what it does not say itself, with the calendars that it names', () => {
    const [one, two] = readProgrammeFile(file);
    expect(one).toMatchObject({ planId: 'orbit-one', channels: ['api'], calendars: {}, grants: [], conditions: [] });
    expect(two).toMatchObject({ planId: 'orbit-two', channels: ['email'], charges: [{ amount: 1 }] });
    expect(Object.keys(two!.calendars)).toEqual(['night']);
    expect(two!.notes.map(({ about }) => about)).toEqual(['charges', 'channels']);
  });

  it.each([
    ['a field that plans don’t have', { planId: 'orbit-x', name: 'X', discount: 3 }],
    ['a default priority that it does not offer', { planId: 'orbit-x', name: 'X', defaultPriority: 'urgent' }],
    [
      'a price that is neither a sum nor a share',
      { planId: 'orbit-x', name: 'X', listPrices: [{ amount: '1', per: 'month', source: 'contract' }] },
    ],
    [
      'a span in words',
      {
        planId: 'orbit-x',
        name: 'X',
        targets: [{ kind: 'resolution', span: '1 day', calendar: 'day', source: 'contract' }],
      },
    ],
    [
      'a source that the file does not name',
      { planId: 'orbit-x', name: 'X', charges: [{ amount: 1, source: 'hearsay' }] },
    ],
    [
      'a calendar that is not there',
      {
        planId: 'orbit-x',
        name: 'X',
        targets: [{ kind: 'resolution', span: 'PT1H', calendar: 'dusk', source: 'contract' }],
      },
    ],
  ])('is refused for %s', (_what, plan) => {
    expect(() => readProgrammeFile(withPlan(plan))).toThrow();
  });

  it('adds an add-on to plans of its own programme that count the same unit, and to no other', () => {
    const addOn = { planId: 'orbit-plus', name: 'Plus', addOnTo: ['orbit-one'] };
    expect(readCatalogue([withPlan(addOn)]).get('orbit-plus')?.addOnTo).toEqual(['orbit-one']);
    for (const wrong of [
      { ...addOn, unit: 'token' },
      { ...addOn, addOnTo: ['nowhere'] },
      { ...addOn, addOnTo: ['scalix-basic'] },
    ]) {
      expect(() => readCatalogue([...programmeFiles, withPlan(wrong)])).toThrow('orbit-plus');
    }
  });
});
