/**
 * Which severity a problem has by a plan's published definitions, from what the opener says about the harm it does. It proposes;
 * an engineer may correct the priority later, with a reason.
 */
import type { Plan } from '../plan/plan.ts';
import type { SeverityAnswers, SeverityRule } from '../plan/plan-rules.ts';
import type { Priority } from '../vocabulary.ts';

/** Whether a definition is of the harm that these answers tell of. */
export const fits = ({ when }: SeverityRule, answers: SeverityAnswers): boolean =>
  (when.usersAffected?.includes(answers.usersAffected) ?? true) &&
  (when.visibility ?? answers.visibility) === answers.visibility &&
  (when.workaround ?? answers.workaround) === answers.workaround &&
  (when.revenueAffected ?? answers.revenueAffected) === answers.revenueAffected &&
  (when.businessBlocked ?? answers.businessBlocked) === answers.businessBlocked;

/** The priority that the first fitting definition names; the plan's default where none fits. */
export const proposedPriority = (plan: Plan, answers: SeverityAnswers): Priority =>
  plan.severities.find((rule) => fits(rule, answers))?.priority ?? plan.defaultPriority;
