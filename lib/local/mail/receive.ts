/**
 * SES as it receives mail: stores the message as the receipt rule says, and wakes the rule's function with the event that AWS would
 * build. It judges nothing: the verdicts come with the message, because there is no other mail server here to find them.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../lambdas/handlers/api/problem.ts';
import type { Objects } from '../aws/objects.ts';
import type { DeskClock } from '../clock.ts';
import type { InvocationResult } from '../functions/functions.ts';
import type { ReceiptRulePlan } from '../template/receipt-plan.ts';

const address = z.string().trim().max(1000);
/** A word of SES such as PASS, in any case; absent where the check did not run. */
const verdict = z.string().trim().max(40).toUpperCase().nullish();

export const arrivalSchema = z.strictObject({
  raw: z.string(),
  encoding: z.enum(['utf8', 'latin1', 'base64']).default('utf8'),
  envelope: z.strictObject({
    /** Empty for the null return path. */
    from: address.nullish(),
    recipients: z.array(address).min(1).max(100),
  }),
  verdicts: z.strictObject({
    spf: verdict,
    dkim: verdict,
    dmarc: verdict,
    spam: verdict,
    virus: verdict,
    dmarcPolicy: verdict.pipe(z.enum(['NONE', 'QUARANTINE', 'REJECT']).nullish()),
  }),
});
export type Arrival = z.output<typeof arrivalSchema>;

/** Takes a mail in and answers what the function made of it. Throws a Problem where no rule takes it, or the function failed. */
export type MailReceiver = (arrival: Arrival) => Promise<unknown>;

export interface ReceiverOptions {
  readonly rules: readonly ReceiptRulePlan[];
  readonly objects: Objects;
  readonly clock: DeskClock;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
}

export function mailReceiver({ rules, objects, clock, invoke }: ReceiverOptions): MailReceiver {
  return async (arrival) => {
    const { rule, recipients } = ruleFor(rules, arrival.envelope.recipients);
    // SES's ids are of this form.
    const messageId = randomBytes(20).toString('hex');
    const bytes = Buffer.from(arrival.raw, arrival.encoding);
    objects.put(rule.bucket, `${rule.prefix}${messageId}`, bytes);
    const event = sesEvent(arrival, { messageId, recipients, functionArn: rule.functionArn, now: clock.now() });
    const result = await invoke(rule.functionArn, event);
    if (result.failure) throw new Problem('internal', `The function failed: ${result.failure.errorMessage}`);
    return result.payload;
  };
}

/** The first rule that takes any of the recipients, with those that it takes. A domain in a rule stands for its addresses alone. */
function ruleFor(
  rules: readonly ReceiptRulePlan[],
  recipients: readonly string[],
): { rule: ReceiptRulePlan; recipients: string[] } {
  for (const rule of rules) {
    const taken = recipients.filter((recipient) => {
      const lower = recipient.toLowerCase();
      return rule.recipients.includes(lower) || rule.recipients.includes(lower.slice(lower.lastIndexOf('@') + 1));
    });
    if (taken.length > 0) return { rule, recipients: taken };
  }
  throw new Problem('validation', 'envelope.recipients: the desk takes mail for none of them.', {
    domains: rules.flatMap((rule) => rule.recipients),
  });
}

interface Reception {
  readonly messageId: string;
  readonly recipients: readonly string[];
  readonly functionArn: string;
  readonly now: number;
}

function sesEvent({ envelope, verdicts }: Arrival, { messageId, recipients, functionArn, now }: Reception): unknown {
  const timestamp = new Date(now).toISOString();
  const status = (name: keyof typeof verdicts) => (verdicts[name] ? { status: verdicts[name] } : undefined);
  return {
    Records: [
      {
        eventSource: 'aws:ses',
        eventVersion: '1.0',
        ses: {
          mail: {
            ...{ timestamp, messageId },
            source: envelope.from ?? '',
            destination: envelope.recipients,
            // What the headers say is read from the stored message.
            ...{ headersTruncated: true, headers: [], commonHeaders: {} },
          },
          receipt: {
            ...{ timestamp, processingTimeMillis: 0, recipients },
            spamVerdict: status('spam'),
            virusVerdict: status('virus'),
            spfVerdict: status('spf'),
            dkimVerdict: status('dkim'),
            dmarcVerdict: status('dmarc'),
            ...(verdicts.dmarcPolicy && { dmarcPolicy: verdicts.dmarcPolicy }),
            action: { type: 'Lambda', functionArn, invocationType: 'Event' },
          },
        },
      },
    ],
  };
}
