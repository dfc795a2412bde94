/** What commands work with; made once when a function starts. */
import type { Account } from '../../domain/account/account.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Catalogue } from '../../plans/catalogue.ts';
import type { Table } from '../../store/table.ts';

export interface Desk {
  readonly table: Table;
  readonly catalogue: Catalogue;
}

/** The plan that an account is on. A plan that was withdrawn stays in the catalogue as long as an account is on it. */
export const planOf = ({ catalogue }: Pick<Desk, 'catalogue'>, { planId }: Account): Plan => {
  const plan = catalogue.get(planId);
  if (!plan) throw new Error(`an account is on the plan ${planId}, which the catalogue does not have`);
  return plan;
};
