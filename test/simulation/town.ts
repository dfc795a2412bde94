/**
 * The customers of a simulation: accounts over all plans, with people and units. It owns who there is; what they do stands in `life.ts`.
 */
import type { Chance } from './chance.ts';
import type { FrontDoor, Person } from './front-door.ts';

export interface Customer {
  readonly number: number;
  readonly planId: string;
  readonly accountId: string;
  readonly administrator: Person;
  readonly user: Person;
}

/** How often an account is on a plan: those that meter by the ticket, more often. */
const PLANS = {
  'scalix-basic': 5,
  'scalix-basic-annual': 2,
  'scalix-bronze': 2,
  'scalix-silver': 2,
  'scalix-gold': 2,
  'scalix-platinum': 3,
  'scalix-incident': 3,
  'axigen-basic': 1,
  'axigen-first': 1,
  'axigen-premium': 3,
  'axigen-golive': 2,
  'luxsci-token-dedicated': 8,
  'luxsci-token-platform': 5,
  'luxsci-flat-users': 1,
  'luxsci-flat-administrators': 1,
  'severity-professional': 1,
  'severity-enterprise': 2,
  'severity-gold': 2,
} as const;
export type PlanId = keyof typeof PLANS;

const PLACES = [
  ['America/New_York', 'US'],
  ['Europe/Berlin', 'DE-BE'],
  ['Europe/London', 'GB'],
  ['Australia/Sydney', 'AU-NSW'],
  ['America/Los_Angeles', 'US-CA'],
] as const;

export const manager: Person = { role: 'manager', email: 'max@example.com' };
export const engineers: readonly Person[] = [
  { role: 'engineer', email: 'eve@example.com', tier: 'TS1' },
  { role: 'engineer', email: 'tom@example.com', tier: 'TS2' },
  { role: 'engineer', email: 'ida@example.com', tier: 'TS3' },
];

/** What may be bought: the published packs, or else any number. */
const amountFor = (planId: string, chance: Chance): number | undefined => {
  if (planId.startsWith('scalix')) return chance.pick([50, 110, 180]);
  if (planId.startsWith('luxsci-token')) return chance.between(10, 60);
  return undefined;
};

export const buyUnits = (
  door: FrontDoor,
  chance: Chance,
  planId: string,
  accountId: string,
  key: string,
): Promise<void> => {
  const amount = amountFor(planId, chance);
  if (amount === undefined) return Promise.resolve();
  const route = 'POST /v1/accounts/{accountId}/purchases';
  return door.ask({ who: manager, route, params: { accountId }, body: { amount }, key }, chance, () => undefined);
};

/** The programmes within which accounts change plans; the others promise reports of whole months, which their judge takes by the plan. */
const CHANGING = ['scalix', 'luxsci', 'severity'];

/** Puts an account on some plan of its programme, which may be its own; the desk refuses what counts in another unit. */
export const goOver = (
  door: FrontDoor,
  chance: Chance,
  { planId, accountId }: Pick<Customer, 'planId' | 'accountId'>,
  key: string,
): Promise<void> => {
  const programme = CHANGING.find((one) => planId.startsWith(one));
  if (programme === undefined) return Promise.resolve();
  const to = chance.pick(Object.keys(PLANS).filter((one) => one.startsWith(programme)));
  const route = 'POST /v1/accounts/{accountId}/subscription';
  return door.ask({ who: manager, route, params: { accountId }, body: { planId: to }, key }, chance, () => undefined);
};

/** Opens an account with units; `then` hears of it once it is there. */
export const settleIn = (
  door: FrontDoor,
  chance: Chance,
  number: number,
  then: (customer: Customer) => void,
): Promise<void> => {
  const planId = chance.weighted(PLANS);
  const [timeZone, region] = chance.pick(PLACES);
  const name = String(number);
  const [ann, uwe] = [`ann.${name}@example.com`, `uwe.${name}@example.com`];
  const contacts = [
    { email: ann, name: 'Ann', role: 'administrator' },
    { email: uwe, name: 'Uwe', role: 'user' },
  ];
  const body = { name: `Example ${name}`, planId, timeZone, region, contacts };
  return door.ask({ who: manager, route: 'POST /v1/accounts', body, key: `account-${name}` }, chance, (answer) => {
    if (answer.status !== 201) throw new Error(`no account on ${planId}: ${JSON.stringify(answer.body)}`);
    const { accountId: account } = answer.body as { accountId: string };
    const person = (email: string): Person => ({ role: 'customer', account, email });
    then({ number, planId, accountId: account, administrator: person(ann), user: person(uwe) });
  });
};
