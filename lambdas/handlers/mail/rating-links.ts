/** Where a contact rates a ticket: the address of a page that asks for a score, signed for this ticket and this contact. */
import { openRatingTokens } from './reply-address.ts';

/** The path of the page, its token at the end; the API's routes have the same. */
export const RATING_PATH = '/v1/ratings';

/** Makes the addresses; nothing where there is no secret to sign with, or no known place where the desk has its pages. */
export const ratingLinks = ({
  secret,
  publicUrl,
}: {
  secret: string | undefined;
  publicUrl: string | undefined;
}): ((ticketId: string, contact: string) => string) | undefined => {
  if (secret === undefined || publicUrl === undefined) return undefined;
  const tokens = openRatingTokens(secret);
  const base = publicUrl.replace(/\/+$/, '');
  return (ticketId, contact) => `${base}${RATING_PATH}/${tokens.for(ticketId, contact)}`;
};
