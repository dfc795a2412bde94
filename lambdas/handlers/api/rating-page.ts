/** The pages on which a contact rates a ticket: the question, and the thanks. Only the form changes anything, and only when it is sent. */
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { type Markup, markup } from '../text/markup.ts';
import type { Page } from './desk.ts';
import { pageOf } from './page.ts';

const SCORES = [
  [5, '5 (entirely)'],
  [4, '4'],
  [3, '3'],
  [2, '2'],
  [1, '1 (not at all)'],
] as const;

const choice = ([score, label]: (typeof SCORES)[number]): Markup =>
  markup`<div><input type="radio" name="score" id="score-${score}" value="${score}" required><label for="score-${score}">${label}</label></div>\n`;

const about = ({ ticketId, subject }: Ticket): Markup => markup`<p>Ticket ${ticketId}: ${subject}</p>\n`;

/** Its form goes to the page's own address, so that the address stands nowhere on it. */
export const ratingForm = (ticket: Ticket): Page => {
  const { rating } = ticket;
  const before =
    rating && markup`<p>You rated it ${rating.score} of 5 before. A new answer takes the place of that one.</p>\n`;
  return pageOf(
    'Rate our help',
    markup`${about(ticket)}${before}<form method="post" autocomplete="off">
<fieldset>
<legend>How satisfied are you with our help?</legend>
${SCORES.map(choice)}</fieldset>
<p><label for="comment">What you want to tell us (you need not)</label>
<textarea name="comment" id="comment" rows="5" maxlength="5000"></textarea></p>
<p><button type="submit">Send</button></p>
</form>
`,
  );
};

export const ratingThanks = (ticket: Ticket, score: number): Page =>
  pageOf('Thank you', markup`${about(ticket)}<p>You rated our help ${score} of 5.</p>\n`);
