/** What a mail says of itself that a person wrote to one other. */
import type { AutomaticMarks } from '../../lambdas/domain/mail/inbound.ts';

export const NO_MARKS: AutomaticMarks = {
  autoSubmitted: [],
  precedence: [],
  isFromList: false,
  isReport: false,
  isCalendarAnswer: false,
  isReaction: false,
  isOurs: false,
  isOutOfOffice: false,
};
