/**
 * Checks bearer tokens as a JWT authorizer of API Gateway does: signature, issuer, audience and times. It must not know what a
 * claim allows. The trap: validity is a matter of real time; the desk's clock may be years ahead.
 */
import { errors, jwtVerify } from 'jose';
import { ALGORITHM, LOCAL_ISSUER } from '../issuer.ts';
import type { LocalIssuer } from '../issuer.ts';
import type { AuthorizerPlan } from '../template/route-plan.ts';
import { TemplateError } from '../template/template-error.ts';

export type Authorization =
  | { readonly claims: Readonly<Record<string, string>>; readonly refusal?: undefined }
  /** Why not, in words that a client may read. */
  | { readonly refusal: string };

/** Throws a TemplateError for an authorizer whose tokens this machine can't check. */
export function checkAuthorizer(plan: AuthorizerPlan): void {
  if (plan.issuer !== LOCAL_ISSUER.url) {
    throw new TemplateError(
      `The local desk can't check tokens of ${plan.issuer}; its own issuer is ${LOCAL_ISSUER.url}.`,
    );
  }
}

/** Reads the Authorization header, with or without the word Bearer, as API Gateway does. */
export async function authorize(
  header: string | undefined,
  plan: AuthorizerPlan,
  issuer: LocalIssuer,
): Promise<Authorization> {
  const token = header?.replace(/^bearer\s+/i, '').trim();
  if (!token) return { refusal: 'The request carries no bearer token.' };
  try {
    const { payload } = await jwtVerify(token, issuer.publicKey, {
      algorithms: [ALGORITHM],
      issuer: plan.issuer,
      audience: [...plan.audience],
      requiredClaims: ['exp'],
    });
    return { claims: Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, asText(value)])) };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return { refusal: error instanceof errors.JWTExpired ? 'The token has expired.' : 'The token is not valid.' };
  }
}

/** Functions see every claim as a string; a list in brackets, without commas. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
