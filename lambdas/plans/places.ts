/** Where an account may be, by whether its plan, or an add-on that it may buy beside, counts by the public holidays of its region. */
import type { Plan } from '../domain/plan/plan.ts';
import { addOnsOf, type Catalogue } from './catalogue.ts';
import { isKnownRegion } from './holidays/holidays.ts';

/** How ISO 3166 writes a country or a part of one. */
const REGION = /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/;

/** Whether promises under a plan count by the public holidays of the customer's own region. */
const countsRegionally = ({ calendars }: Plan): boolean =>
  Object.values(calendars).some(({ holidays, extended }) => [holidays, extended?.holidays].includes('region'));

/** Whether accounts on the plan may be in a region: its public holidays are known, or it is one at all and they do not count. */
export const mayBeIn = (region: string, plan: Plan, plans: Catalogue): boolean =>
  isKnownRegion(region) || (REGION.test(region) && ![plan, ...addOnsOf(plans, plan)].some(countsRegionally));
