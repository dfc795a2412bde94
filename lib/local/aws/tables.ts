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
  const created = await unless('ResourceInUseException', () => call('CreateTable', create));
  if (!created || expiryAttribute === undefined) return;
  const TimeToLiveSpecification = { AttributeName: expiryAttribute, Enabled: true };
  await call('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification });
}

/** False when the call was refused with that code. */
async function unless(code: string, call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === code) return false;
    throw error;
  }
}
