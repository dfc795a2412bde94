/** Every mistake of a programme file is told before anything is built: where it stands, what stands there and what would be right. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programmeFiles } from '../../lambdas/plans/catalogue.ts';
import { regions } from '../../lambdas/plans/holidays/holidays.ts';
import { ProgrammeFileError, readCatalogue, readProgrammeFile } from '../../lambdas/plans/programme-file.ts';

const source = 'contract';
const always = [['00:00', '24:00']];
const office = [['09:00', '17:00']];
const weekly = { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] };
const closed = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };

/** A file without a fault; tests break a copy of it. */
const orbit = (): any => ({
  sources: { contract: 'A contract' },
  common: {
    ...{
      version: 1,
      programme: 'orbit',
      summary: 'For tests.',
      unit: 'point',
      listPrices: [],
      channels: ['api', 'phone'],
    },
    ...{ priorities: ['standard', 'urgent'], defaultPriority: 'standard', openers: 'contacts' },
    charges: [
      { priorities: ['urgent'], amount: 5, source },
      { amount: 2, source },
    ],
    purchases: { packs: [10, 20], validFor: 'P1Y', source },
    calendars: {
      office: { zone: 'Europe/Bucharest', weekly, holidays: 'RO', source },
      night: { zone: 'customer', weekly: { ...closed, mon: always }, holidays: 'region', source },
    },
    targets: [
      { kind: 'first-response', span: 'PT4H', calendar: 'office', source },
      { kind: 'resolution', priorities: ['urgent'], span: 'PT8H', calendar: 'office', source },
    ],
    makeGood: ['first-response', 'resolution'],
    notes: [],
  },
  plans: [
    { planId: 'orbit-one', name: 'One' },
    { planId: 'orbit-two', name: 'Two', term: { length: 'P1Y', source }, grants: [{ on: 'term', amount: 9, source }] },
  ],
});

const eve = '2027-12-24';

const broken = (breakIt: (file: any) => void): readonly string[] => {
  const file = orbit();
  breakIt(file);
  try {
    readProgrammeFile(file);
  } catch (error) {
    if (error instanceof ProgrammeFileError) return error.complaints;
    throw error;
  }
  return [];
};

describe('a programme file', () => {
  it('of one’s own is taken, and so is each of the product’s', () => {
    expect(broken(() => undefined)).toEqual([]);
    expect(readCatalogue([...programmeFiles, orbit()]).has('orbit-two')).toBe(true);
  });

  it.each<[string, (file: any) => void, string]>([
    [
      'a zone that is misspelt',
      ({ common }) => (common.calendars.office.zone = 'Europe/Bucuresti'),
      'common: calendars.office.zone ("Europe/Bucuresti"): is not an IANA time zone such as "Europe/Berlin", or "customer" for that of the account',
    ],
    [
      'a region without known holidays',
      ({ common }) => (common.calendars.office.holidays = 'ROU'),
      'common: calendars.office.holidays ("ROU"): is no region whose public holidays are known',
    ],
    [
      'extended hours on holidays of nowhere',
      ({ common }) => (common.calendars.office.extended = { weekly, holidays: 'XX', source }),
      'common: calendars.office.extended.holidays ("XX"): is no region',
    ],
    [
      'a day that there is not',
      ({ common }) => (common.calendars.office.closedOn = ['2027-02-29']),
      'common: calendars.office.closedOn[0] ("2027-02-29"): Invalid ISO date',
    ],
    [
      'a day of its own hours that is closed besides',
      ({ common }) => Object.assign(common.calendars.office, { closedOn: [eve], exceptions: { [eve]: [] } }),
      'common: calendars.office.closedOn[0] ("2027-12-24"): has hours of its own in `exceptions`: leave one of the two out',
    ],
    [
      'a day that is left out',
      ({ common }) => (common.calendars.office.weekly = { ...weekly, sun: undefined }),
      'common: calendars.office.weekly.sun: is missing',
    ],
    ['no unit', ({ common }) => (common.unit = undefined), 'common: unit: is missing: expected one of "point"'],
    [
      'hours that never open',
      ({ common }) => (common.calendars.office.weekly = closed),
      'common: calendars.office.weekly: has no open hours',
    ],
    [
      'a month of no zone',
      ({ plans }) => (plans[1].grants = [{ on: 'calendar-month', amount: 1, zone: 'CEST5', source }]),
      'plan orbit-two: grants[0].zone ("CEST5"): is not an IANA time zone',
    ],
    [
      'a negative charge',
      ({ common }) => (common.charges[1].amount = -2),
      'common: charges[1].amount (-2): Too small: expected number to be >=0',
    ],
    [
      'a charge that nobody may agree to',
      ({ common }) => (common.charges[1].amount = 1_000_001),
      'common: charges[1].amount (1000001): is more than 1000000',
    ],
    ['a charge that another one hides', ({ common }) => common.charges.reverse(), 'common: charges[1]: is never taken'],
    [
      'a charge for no priority',
      ({ common }) => (common.charges[0].priorities = []),
      'common: charges[0].priorities: names none',
    ],
    [
      'a priority without a charge',
      ({ common }) => common.charges.pop(),
      'common: priorities[0] ("standard"): has no charge at all',
    ],
    [
      'a channel without a charge',
      ({ common }) => common.charges.forEach((charge: any) => (charge.channels = ['api'])),
      'common: channels[1] ("phone"): has no charge at all',
    ],
    [
      'a definition that another one hides',
      ({ common }) =>
        (common.severities = [
          { priority: 'standard', when: { workaround: true }, source },
          { priority: 'urgent', when: { workaround: true, revenueAffected: true }, source },
        ]),
      'common: severities[1]: is never proposed',
    ],
    [
      'a target for a priority that nobody can choose',
      ({ common }) => (common.targets[1].priorities = ['emergency']),
      `common: targets[1].priorities[0] ("emergency"): is none of the plan's priorities: "standard", "urgent"`,
    ],
    [
      'priorities of which none is the higher',
      ({ common }) => (common.priorities = ['standard', 'urgent', 'normal']),
      'common: priorities: mixes scales',
    ],
    [
      'a priority twice',
      ({ common }) => common.priorities.push('urgent'),
      'common: priorities[2] ("urgent"): stands there twice',
    ],
    [
      'a default that is none of them',
      ({ plans }) => (plans[0].defaultPriority = 'emergency'),
      'plan orbit-one: defaultPriority ("emergency"): is none of',
    ],
    [
      'a target of no time',
      ({ common }) => (common.targets[0].span = 'PT0S'),
      'common: targets[0].span ("PT0S"): is no time at all',
    ],
    [
      'a target beyond counting',
      ({ common }) => (common.targets[0].span = 'PT999999999H'),
      'common: targets[0].span ("PT999999999H"): takes more than a year on the calendar "office"',
    ],
    [
      'business days beyond counting',
      ({ common }) => Object.assign(common.targets[0], { calendar: 'night', span: '60BD' }),
      'common: targets[0].span ("60BD"): takes more than a year on the calendar "night"',
    ],
    [
      'an answer later than the solution',
      ({ common }) => (common.targets[0].span = 'PT9H'),
      'common: targets[0].span ("PT9H"): is longer than the span of the resolution',
    ],
    [
      'two answers to one ticket',
      ({ common }) => common.targets.push({ ...common.targets[0], priorities: ['urgent'] }),
      'common: targets[2]: promises again',
    ],
    [
      'a calendar that is not there',
      ({ common }) => (common.targets[0].calendar = 'constructor'),
      `common: targets[0].calendar ("constructor"): is none of the plan's calendars: it has "office"`,
    ],
    [
      'a plan that counts as an answer',
      ({ common }) => (common.targets[0].planCounts = false),
      'common: targets[0].planCounts (false): belongs to a resolution',
    ],
    [
      'a call that nobody asked for',
      ({ common }) => (common.targets[0].kind = 'call-back'),
      'common: targets[0].kind ("call-back"): is promised to nobody who opens a ticket',
    ],
    [
      'units back for what is but an aim',
      ({ common }) => (common.targets[1].guaranteed = false),
      'common: makeGood[1] ("resolution"): gives back for the miss of a promise that the plan does not make',
    ],
    [
      'units with a term that it has not',
      ({ plans }) => delete plans[1].term,
      'plan orbit-two: grants[0].on ("term"): needs a `term` of the plan',
    ],
    [
      'two grants of one kind',
      ({ plans }) => plans[1].grants.push(plans[1].grants[0]),
      'plan orbit-two: grants[1].on ("term"): stands there twice',
    ],
    [
      'work of two kinds by one name',
      ({ plans }) =>
        (plans[0].categories = ['a', 'b'].map((category) => ({ category, also: ['c'], covered: true, source }))),
      'plan orbit-one: categories[1].also[0] ("c"): stands there twice',
    ],
    [
      'units that nobody can get',
      ({ plans }) => (plans[0].purchases = { packs: [], source }),
      'plan orbit-one: purchases.packs: sells nothing',
    ],
    [
      'a term of more years than can be written',
      ({ plans }) => (plans[1].term.length = 'P9999Y'),
      'plan orbit-two: term.length ("P9999Y"): is more than 100 years',
    ],
    [
      'an add-on with a term of its own',
      ({ plans }) => (plans[1].addOnTo = ['orbit-one']),
      'plan orbit-two: term: is nothing that an add-on has',
    ],
    [
      'a currency in a sign',
      ({ common }) => (common.listPrices = [{ amount: '9', currency: '€  ', per: 'month', source }]),
      'common: listPrices[0].currency ("€  "): is no currency',
    ],
    [
      'a name of two lines',
      ({ plans }) => (plans[0].name = 'One\r\nBcc: all'),
      'plan orbit-one: name ("One\\r\\nBcc: all"): must be one line',
    ],
    [
      'a field that plans don’t have',
      ({ plans }) => (plans[0].refund = 'half'),
      'plan orbit-one: refund ("half"): there is no such field',
    ],
    ['a field that files don’t have', (file) => (file.tiers = 1), 'tiers: there is no such field'],
    [
      'a source that it does not name',
      ({ common }) => (common.charges[1].source = 'hearsay'),
      'common: charges[1].source ("hearsay"): is not among the `sources`',
    ],
  ])('is refused by place for %s', (_what, breakIt, complaint) => {
    expect(broken(breakIt)).toContainEqual(expect.stringContaining(complaint));
  });

  it('may have tables in `common` of which one of its plans reads a part', () => {
    const withLite = (lite: object) => (file: any) => file.plans.push({ planId: 'orbit-lite', name: 'Lite', ...lite });
    const lite = { priorities: ['standard'] };
    expect(broken(withLite(lite))).toEqual([]);
    expect(broken(withLite({ ...lite, charges: [{ priorities: ['urgent', 'standard'], amount: 1, source }] }))).toEqual(
      [`plan orbit-lite: charges[0].priorities[0] ("urgent"): is none of the plan's priorities: "standard"`],
    );
    expect(
      broken((file) => {
        for (const plan of file.plans) plan.priorities = ['standard'];
      }),
    ).toContainEqual(expect.stringContaining('common: charges[0]: is never taken'));
  });

  it('tells all that is wrong at once, and what stands in `common` once', () => {
    const complaints = broken(({ common, plans }) => {
      common.calendars.office.zone = 'Mars';
      plans[0].name = ' ';
    });
    expect(complaints.map((line) => line.split(' (')[0])).toEqual([
      'plan orbit-one: name',
      'common: calendars.office.zone',
    ]);
  });

  it('names the plan that there are two of, and why an add-on does not go with a plan', () => {
    expect(() => readCatalogue([orbit(), orbit()])).toThrow('two plans have the same id orbit-one');
    const file = orbit();
    file.plans[0].addOnTo = ['orbit-three'];
    expect(() => readCatalogue([file])).toThrow("orbit-one can't be added to orbit-three: there is no such plan");
  });
});

it('the programme that the README shows is one', () => {
  const readme = readFileSync('lambdas/plans/README.md', 'utf8');
  const [, shown] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const plans = readProgrammeFile(JSON.parse(shown ?? ''));
  expect(plans.map(({ planId }) => planId)).toEqual(['posta-points', 'posta-year']);
});

it('the README names the countries whose holidays are known', () => {
  const readme = readFileSync('lambdas/plans/README.md', 'utf8').replaceAll('\n', ' ');
  const [, named] = /Public holidays are known for (.*?), and for/.exec(readme) ?? [];
  const countries = regions().filter((region) => !region.includes('-'));
  expect(named?.split(/, | and /).sort()).toEqual(countries);
});
