/**
 * Secrets as AWS Secrets Manager makes them up: at random, once, and from then on the same. They are kept in the journal, so that a
 * desk that is started again still knows the addresses it has signed.
 */
import { randomInt } from 'node:crypto';
import type { Journal } from './journal.ts';
import type { SecretPlan } from './template/late-values.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Answers the secret of an ARN. Throws for one that the template does not hold. */
export function openSecrets(journal: Journal, plans: readonly SecretPlan[]): (arn: string) => string {
  return (arn) => {
    const plan = plans.find((one) => one.arn === arn);
    if (plan === undefined) throw new Error(`The template holds no secret ${arn}.`);
    const key = `secret/${arn}`;
    const kept = journal.get(key);
    if (typeof kept === 'string') return kept;
    const fresh = Array.from({ length: plan.length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    journal.set(key, fresh);
    return fresh;
  };
}
