/**
 * Values of functions' environments that a template only refers to: secrets that AWS makes up, and the address at which the HTTP API
 * is reached. It finds them; what stands in their place is known when the desk runs. The trap: a reference that nobody resolves would
 * reach a function as its text, and look like a secret.
 */
import type { FunctionPlan } from './function-plan.ts';
import { secretProperties } from './properties.ts';
import { deployedUrl } from './resolve.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

export interface SecretPlan {
  readonly arn: string;
  /** Characters, of letters and digits. */
  readonly length: number;
}

const REFERENCE = /\{\{resolve:([^{}]*)\}\}/g;
const SECRET = /^secretsmanager:(arn:aws:secretsmanager:[^{}]+?):SecretString:::?$/;

/** The secrets of a template. Throws a TemplateError for a reference of a function that the local desk can't resolve. */
export function readSecrets(stack: Stack, functions: readonly FunctionPlan[]): SecretPlan[] {
  const secrets = stack
    .resources('AWS::SecretsManager::Secret', secretProperties)
    .map(({ ref, properties }) => ({ arn: ref, length: properties.GenerateSecretString.PasswordLength }));
  for (const { name, environment } of functions) {
    for (const [variable, value] of Object.entries(environment)) {
      for (const [reference, told = ''] of value.matchAll(REFERENCE)) {
        const arn = SECRET.exec(told)?.[1];
        if (!secrets.some((secret) => secret.arn === arn)) {
          throw new TemplateError(
            `The local desk can't resolve ${reference}, the ${variable} of the function ${name}.`,
          );
        }
      }
    }
  }
  return secrets;
}

export interface LateValues {
  readonly secret: (arn: string) => string;
  /** Where this desk answers the HTTP API. */
  readonly apiUrl: () => string;
}

/** Puts the values in the place of what refers to them. */
export function withLateValues(text: string, apiIds: readonly string[], { secret, apiUrl }: LateValues): string {
  const resolved = text.replace(REFERENCE, (reference, told: string) => {
    const arn = SECRET.exec(told)?.[1];
    return arn === undefined ? reference : secret(arn);
  });
  return apiIds.reduce((filled, apiId) => filled.replaceAll(deployedUrl(apiId), () => apiUrl()), resolved);
}
