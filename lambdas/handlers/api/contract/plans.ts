/** The catalogue. */
import * as z from 'zod';
import { everyone, type Operation } from '../operation.ts';
import { line } from './fields.ts';
import { planView } from './views.ts';

export const planOperations = {
  listPlans: {
    operationId: 'listPlans',
    method: 'GET',
    path: '/v1/plans',
    roles: everyone,
    tag: 'Plans',
    summary: 'List the plans on offer',
    success: { status: 200, schema: z.object({ items: z.array(planView) }), description: 'Every plan' },
    problems: [],
  },
  getPlan: {
    operationId: 'getPlan',
    method: 'GET',
    path: '/v1/plans/{planId}',
    roles: everyone,
    tag: 'Plans',
    summary: 'Show a plan',
    params: z.strictObject({ planId: line(100) }),
    success: { status: 200, schema: planView, description: 'The plan' },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
