/** Where an account may be, under plans of a vendor's own. */
import { expect, it } from 'vitest';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import { catalogueOf } from '../../lambdas/plans/catalogue.ts';
import { mayBeIn } from '../../lambdas/plans/places.ts';
import { planNamed } from '../support/records.ts';

it('is a region whose holidays are known, where an add-on of the plan counts by them', () => {
  const plan: Plan = { ...planNamed('axigen-premium'), planId: 'own' };
  const { calendars } = planNamed('scalix-basic');
  const addOn: Plan = { ...planNamed('axigen-gold'), planId: 'own-extra', addOnTo: ['own'] };
  const regional: Plan = { ...addOn, calendars };
  expect(mayBeIn('IN', plan, catalogueOf([plan, addOn]))).toBe(true);
  expect(mayBeIn('IN', plan, catalogueOf([plan, regional]))).toBe(false);
  expect(mayBeIn('GB', plan, catalogueOf([plan, regional]))).toBe(true);
});
