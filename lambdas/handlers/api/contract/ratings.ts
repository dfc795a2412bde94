/**
 * Rating a closed ticket from a mail, without a token of an issuer: the path carries a signed token of its own. Opening the page
 * changes nothing, so that a scanner which follows every link of a mail rates nothing; only the form does.
 */
import * as z from 'zod';
import { RATING_PATH } from '../../mail/rating-links.ts';
import { everyone, type Operation } from '../operation.ts';
import { prose } from './fields.ts';

const params = z.strictObject({
  token: z.string().min(1).max(200).meta({ description: 'As it stands in the letter about the closed ticket.' }),
});

/** A form sends digits as text. */
const score = z.union([z.number().int().min(1).max(5), z.enum(['1', '2', '3', '4', '5']).transform(Number)]);

const page = { status: 200, schema: z.string(), contentType: 'text/html; charset=utf-8' } as const;

export const ratingOperations = {
  getRatingPage: {
    operationId: 'getRatingPage',
    method: 'GET',
    path: `${RATING_PATH}/{token}`,
    public: true,
    roles: everyone,
    tag: 'Ratings',
    summary: 'The page on which a contact rates a closed ticket; opening it changes nothing',
    params,
    success: { ...page, description: 'A page with a form, without scripts and without resources from elsewhere' },
    problems: ['not-found', 'wrong-state'],
  },
  rateByLink: {
    operationId: 'rateByLink',
    method: 'POST',
    path: `${RATING_PATH}/{token}`,
    public: true,
    roles: everyone,
    tag: 'Ratings',
    summary: 'Rate a closed ticket with the token of its letter; the latest word counts',
    params,
    body: z.strictObject({ score, comment: prose(5000).optional() }),
    takesForm: true,
    success: { ...page, description: 'A page that says thank you' },
    problems: ['not-found', 'wrong-state'],
  },
} as const satisfies Record<string, Operation>;
