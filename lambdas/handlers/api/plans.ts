/** The catalogue over HTTP. */
import type { Queries } from './desk.ts';
import { Problem } from '../commands/problem.ts';

export const planQueries = {
  listPlans: ({ catalogue }) => Promise.resolve({ items: [...catalogue.values()] }),
  getPlan: ({ catalogue }, { params }) => {
    const plan = catalogue.get(params.planId);
    if (!plan) throw new Problem('not-found', 'There is no such plan.', { plans: [...catalogue.keys()] });
    return Promise.resolve(plan);
  },
} satisfies Partial<Queries>;
