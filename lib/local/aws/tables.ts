/**
 * Makes the template's tables in the engine, unless they are there already. It must not know what is in them. The trap: an engine
 * that keeps its data across runs keeps its tables too, and one of another shape must not pass for ours.
 */
import type { TablePlan } from '../template/table-plan.ts';
import { AwsError } from './aws-error.ts';
import { DYNAMODB, jsonClient } from './json-client.ts';
import type { JsonClient } from './json-client.ts';

/** Creates what is missing, and waits until the engine can use it. */
export async function createTables(endpoint: string, tables: readonly TablePlan[]): Promise<void> {
  const call = jsonClient(endpoint, DYNAMODB);
  await Promise.all(tables.map((table) => createTable(call, table)));
}

async function createTable(call: JsonClient, { name, create, expiryAttribute }: TablePlan): Promise<void> {
  await unless('ResourceInUseException', () => call('CreateTable', create));
  if (expiryAttribute === undefined) return;
  // Asked for each time: a desk may have been killed between the two.
  const TimeToLiveSpecification = { AttributeName: expiryAttribute, Enabled: true };
  await unless('ValidationException', () => call('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification }));
}

/** The call may be refused with that code, which says that it was done before. */
async function unless(code: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== code) throw error;
  }
}
