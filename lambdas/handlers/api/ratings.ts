/** Rating by the link of a letter: the token in the path says which ticket, and proves for whom. */
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { readTogether } from '../../store/read.ts';
import type { SignedTicket } from '../mail/reply-address.ts';
import type { ApiDesk, Mutations, Queries } from './desk.ts';
import { command } from '../commands/ticket-command.ts';
import { Problem } from '../commands/problem.ts';
import { ratingForm, ratingThanks } from './rating-page.ts';

const unknownLink = (): Problem =>
  new Problem('not-found', 'This link rates no ticket. Take the whole address from our letter.');

const signedBy = ({ ratingTokens }: ApiDesk, token: string): SignedTicket => {
  const signed = ratingTokens?.read(token);
  if (!signed) throw unknownLink();
  return signed;
};

/** The ticket, where the token was signed for its contact. */
const ticketFor = (signed: SignedTicket, ticket: Ticket | undefined): Ticket => {
  if (!ticket || !signed.provesFor(ticket.contact.email)) throw unknownLink();
  return ticket;
};

export const ratingQueries = {
  getRatingPage: async (desk, { params: { token } }) => {
    const signed = signedBy(desk, token);
    const found = await readTogether(desk.table, { ticketId: signed.ticketId });
    const ticket = ticketFor(signed, found.ticket);
    if (ticket.status !== 'closed') {
      throw new Problem('wrong-state', `The ticket is ${ticket.status}: it can be rated once it is closed.`);
    }
    return ratingForm(ticket);
  },
} satisfies Partial<Queries>;

export const ratingMutations = {
  rateByLink: (desk) => ({
    wants: ({ params }) => ({ ticketId: signedBy(desk, params.token).ticketId }),
    decide: async ({ params, body, now }, found) => {
      const { accountId, contact } = ticketFor(signedBy(desk, params.token), found.ticket);
      const rater = { role: 'customer', accountId, email: contact.email } as const;
      const { after, change } = await command(desk, { caller: rater, now }, found, { type: 'rate', ...body });
      return { change, body: ratingThanks(after, body.score) };
    },
  }),
} satisfies Partial<Mutations>;
