/**
 * What happened, in a few words, as the desk's letters are headed: a title begins the subject of its letter. All of them stand here, so
 * that a mail that comes in under one of them is known (`inbound/reading/echo.ts`), and so do the sentences by which a quote of a letter is
 * known for one (`inbound/reading/quotes.ts`).
 */

export const ANSWERS_ARE_ADDED = 'Answers to this mail are added to the ticket.';
export const ABOVE_THE_QUOTE = 'what you write above the quote is a public message on the ticket.';

/** Follows a moment in a letter to the vendor's people. */
export const CUSTOMERS_TIME = ', the customer’s time';

/** Words that only the desk's letters have. */
export const IN_LETTERS: readonly string[] = [ANSWERS_ARE_ADDED, ABOVE_THE_QUOTE, CUSTOMERS_TIME];

export const TITLES = {
  opened: 'We have your ticket',
  message: 'An answer to your ticket',
  automatic: 'About your ticket',
  missed: 'We missed a deadline',
  escalated: 'Your ticket moves on',
  reprioritized: 'Your ticket’s priority has changed',
  productBug: 'Our product is at fault',
  free: 'Your ticket is free',
  declined: 'We can’t take your ticket',
  chargeable: 'Your ticket is charged',
  nothingTaken: 'What we found about your ticket',
  splitQuoted: 'What splitting your ticket would cost',
  split: 'Your ticket was split',
  callBackRequested: 'We will call you',
  paused: 'We are waiting for you',
  planned: 'The plan for your ticket',
  resolved: 'Your ticket is resolved',
  reopened: 'Your ticket is open again',
  closed: 'Your ticket is closed',
  answerDue: 'An answer is due soon',
  callCustomer: 'Call the customer',
  callBackMissed: 'A call-back was missed',
  unanswered: 'Unanswered at TS3',
  customerWrote: 'Your customer wrote',
  customerReopened: 'Your customer reopened the ticket',
  assigned: 'Assigned to you',
  refused: 'Your mail to us',
} as const;

/** Titles with something in them that only their letter knows. */
export const TITLES_WITH = {
  newAt: (tier: string) => `New at ${tier}`,
  nowAt: (tier: string) => `Now at ${tier}`,
  unanswered: (tickets: string) => `${tickets} unanswered at TS3`,
  tooFew: (units: string) => `Too few ${units} for another ticket`,
  willExpire: (units: string) => `${units} will expire soon`,
  report: (month: string) => `Service report for ${month}`,
} as const;
