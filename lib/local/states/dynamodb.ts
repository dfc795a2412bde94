/**
 * DynamoDB as the SDK integration of Step Functions speaks it: attribute values raw, and some of their types spelled as in the
 * Java SDK. It must not know any table. The trap: what the API calls `BOOL`, a definition reads as `Bool`.
 */
import * as z from 'zod';
import type { JsonClient } from '../aws/json-client.ts';
import type { Integrations } from './calls.ts';

const spellings = [
  ['BOOL', 'Bool'],
  ['NULL', 'Nul'],
  ['SS', 'Ss'],
  ['NS', 'Ns'],
  ['BS', 'Bs'],
] as const;
const toIntegration = new Map<string, string>(spellings);
const toApi = new Map<string, string>(spellings.map(([api, integration]) => [integration, api]));

const updatedSchema = z.looseObject({ Attributes: z.looseObject({}).optional() });
const foundSchema = z.looseObject({ Item: z.looseObject({}).optional() });

/** The integration over a DynamoDB. */
export const dynamoDbIntegration = (call: JsonClient): Integrations['dynamodb'] => ({
  updateItem: async (args) => {
    const values = 'ExpressionAttributeValues' in args ? args.ExpressionAttributeValues : undefined;
    const input = {
      ...args,
      ...(values === undefined ? {} : { ExpressionAttributeValues: respellMembers(values, toApi) }),
    };
    const { Attributes } = updatedSchema.parse(await call('UpdateItem', input));
    return Attributes === undefined ? {} : { Attributes: respellMembers(Attributes, toIntegration) };
  },
  getItem: async (args) => {
    const { Item } = foundSchema.parse(await call('GetItem', args));
    return Item === undefined ? {} : { Item: respellMembers(Item, toIntegration) };
  },
});

/** Respells the type of each attribute value; names of attributes stay as they are. */
const respellMembers = (members: unknown, spelling: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members ?? {}).map(([name, value]) => [name, respell(value, spelling)]));

const respell = (value: unknown, spelling: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value ?? {}).map(([type, content]: [string, unknown]) => {
      if (type === 'M') return [type, respellMembers(content, spelling)];
      if (type === 'L' && Array.isArray(content)) return [type, content.map((item) => respell(item, spelling))];
      return [spelling.get(type) ?? type, content];
    }),
  );
