/**
 * Thrown where an account is on a plan that no programme has any more: of what it may and what it owes nothing can be said until one has
 * it again. It stands by itself, because who only tells of it must not carry the plans.
 */
export class WithdrawnPlanError extends Error {
  override readonly name = 'WithdrawnPlanError';
  readonly planId: string;
  constructor(planId: string) {
    super(`an account is on the plan ${planId}, which the catalogue does not have`);
    this.planId = planId;
  }
}
