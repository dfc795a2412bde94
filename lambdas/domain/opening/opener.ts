/** Who may open a ticket, for whom, and by which channel. It knows nothing of what the plan demands of the account beyond that. */
import { administratorsOf, contactWith, type Contact } from '../account/account.ts';
import type { OpeningRequest, Settled } from './opening-context.ts';
import { refuse, type Refusal } from '../refusal.ts';

/** The contact that a ticket is for: the customer who asks, or the one whom an engineer names. */
export const contactFor = ({ account, actor }: Settled, request: OpeningRequest): Contact | undefined =>
  actor.role === 'customer'
    ? contactWith(account, actor.email)
    : request.contact === undefined
      ? administratorsOf(account)[0]
      : contactWith(account, request.contact);

/** What stands against this person opening it by this channel, or nothing. */
export const openerRefusal = (
  { account, plan, programme, actor }: Settled,
  request: OpeningRequest,
  contact: Contact | undefined,
): Refusal | undefined => {
  if (actor.role === 'engineer' && request.channel !== 'phone') {
    return refuse(
      'forbidden',
      'Engineers open tickets for calls only: say `channel` phone, or let the customer open it.',
    ).refusal;
  }
  if (actor.role === 'customer' && request.contact !== undefined && contact?.email !== request.contact.toLowerCase()) {
    return refuse('validation', 'A customer opens tickets in their own name: leave `contact` out.').refusal;
  }
  if (!contact) {
    return refuse(
      'not-entitled',
      'Tickets are opened for a contact of the account, and this address is not one of them.',
      {
        contacts: actor.role === 'customer' ? undefined : account.contacts.map(({ email }) => email),
      },
    ).refusal;
  }
  if (plan.openers === 'administrators' && contact.role !== 'administrator') {
    return refuse('not-entitled', `Only account administrators open tickets under the plan ${plan.name}.`, {
      administrators: administratorsOf(account).map(({ email }) => email),
    }).refusal;
  }
  if (!plan.channels.includes(request.channel)) {
    return refuse('not-entitled', `The plan ${plan.name} does not include tickets opened by ${request.channel}.`, {
      channels: plan.channels,
      plans: programme.filter(({ channels }) => channels.includes(request.channel)).map(({ planId }) => planId),
    }).refusal;
  }
  return undefined;
};
