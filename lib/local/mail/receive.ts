/**
 * SES as it receives mail: stores the message as the receipt rule says, and wakes the rule's function with the event that AWS would
 * build. It judges nothing: the verdicts come with the message, because there is no other mail server here to find them.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { Problem } from '../../../lambdas/handlers/commands/problem.ts';
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

export interface ReceiverOptions {
  readonly rules: readonly ReceiptRulePlan[];
  readonly objects: Objects;
  readonly clock: DeskClock;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
  /** Takes an event for a function, to run it later. */
  readonly accept: (functionArn: string, event: unknown) => void;
}

export class MailReceiver {
  readonly #options: ReceiverOptions;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Whether any rule takes mail for an address. */
  takes(recipient: string): boolean {
    return this.#options.rules.some((rule) => takes(rule, recipient));
  }

  /** Takes a mail in and answers what the function made of it. Rejects with a Problem where no rule takes it, or the function failed. */
  async receive(arrival: Arrival): Promise<unknown> {
    const { functionArn, event } = this.#store(arrival);
    const result = await this.#options.invoke(functionArn, event);
    if (result.failure) throw new Problem('internal', `The function failed: ${result.failure.errorMessage}`);
    return result.payload;
  }

  /** Takes a mail in as SES does: the function runs later, and again where it fails. Answers the mail's id. Throws as `receive`. */
  accept(arrival: Arrival): string {
    const { functionArn, event, messageId } = this.#store(arrival);
    this.#options.accept(functionArn, event);
    return messageId;
  }

  #store(arrival: Arrival): { messageId: string; functionArn: string; event: unknown } {
    const { rules, objects, clock } = this.#options;
    const { rule, recipients } = ruleFor(rules, arrival.envelope.recipients);
    // SES's ids are of this form.
    const messageId = randomBytes(20).toString('hex');
    objects.put(rule.bucket, `${rule.prefix}${messageId}`, Buffer.from(arrival.raw, arrival.encoding));
    const { functionArn } = rule;
    return {
      messageId,
      functionArn,
      event: sesEvent(arrival, { messageId, recipients, functionArn, now: clock.now() }),
    };
  }
}

/** A domain in a rule stands for its addresses alone. */
function takes(rule: ReceiptRulePlan, recipient: string): boolean {
  const lower = recipient.toLowerCase();
  return rule.recipients.includes(lower) || rule.recipients.includes(lower.slice(lower.lastIndexOf('@') + 1));
}

/** The first rule that takes any of the recipients, with those that it takes. */
function ruleFor(
  rules: readonly ReceiptRulePlan[],
  recipients: readonly string[],
): { rule: ReceiptRulePlan; recipients: string[] } {
  for (const rule of rules) {
    const taken = recipients.filter((recipient) => takes(rule, recipient));
    if (taken.length > 0) return { rule, recipients: taken };
  }
  throw new Problem('validation', 'envelope.recipients: the desk takes mail for none of them.', {
    domains: rules.flatMap((rule) => rule.recipients),
  });
}

const LONGEST_HEAD = 100_000;

/** The From headers of the message, as they stand in it. */
function fromHeaders({ raw, encoding }: Arrival): string[] {
  const head =
    Buffer.from(raw, encoding)
      .toString('latin1', 0, LONGEST_HEAD)
      .split(/\r?\n\r?\n/, 1)[0] ?? '';
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return lines.flatMap((line) => /^from:(.*)$/i.exec(line)?.[1]?.trim() ?? []);
}

interface Reception {
  readonly messageId: string;
  readonly recipients: readonly string[];
  readonly functionArn: string;
  readonly now: number;
}

function sesEvent(arrival: Arrival, { messageId, recipients, functionArn, now }: Reception): unknown {
  const { envelope, verdicts } = arrival;
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
            // What the other headers say is read from the stored message.
            ...{ headersTruncated: true, headers: [], commonHeaders: { from: fromHeaders(arrival) } },
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
