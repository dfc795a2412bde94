/**
 * Where the SDK's clients find their credentials: in the environment, into which Lambda puts the role's. The bundler takes this file in
 * place of the SDK's chain of providers (`lib/bundling.ts`), most of which asks for sign-ins of people and for the metadata of
 * machines: a quarter of a small function's code, none of which can run here.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
