/** The erasure of a person from everything that is kept about an account. */
import * as z from 'zod';
import type { Operation } from '../operation.ts';
import { accountId, email, instant } from './fields.ts';

const erasureView = z
  .object({
    contact: z.string().meta({ description: 'What stands in the place of the address from now on.' }),
    done: z.boolean().meta({ description: 'While it is false, send the call again.' }),
    traces: z.number().int().meta({ description: 'Records that were rewritten or removed so far.' }),
    continueAt: instant
      .optional()
      .meta({ description: 'When to send it again: what was under way with the address has ended by then.' }),
  })
  .meta({ id: 'Erasure' });

export const erasureOperations = {
  eraseContact: {
    operationId: 'eraseContact',
    method: 'POST',
    path: '/v1/accounts/{accountId}/erasures',
    roles: ['manager'],
    tag: 'Data protection',
    summary:
      'Erase a person from everything that is kept about an account, a part with each call: send it until it answers `done`',
    heavy: true,
    params: z.strictObject({ accountId }),
    // In the body: the paths of requests are logged on their way.
    body: z
      .strictObject({ email: email.meta({ description: 'The address; it need not be a contact any more.' }) })
      .meta({ id: 'NewErasure' }),
    success: { status: 200, schema: erasureView, description: 'How far it has come' },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
