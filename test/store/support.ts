/**
 * Both engines that the store has to hold on, each with the table that the stack describes. A machine with nothing but Node has one of
 * them, and its tests say so; with `REQUIRE_BOTH_ENGINES=1`, as CI has it, a missing one is a failure.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, it } from 'vitest';
import { createTables } from '../../lib/local/aws/tables.ts';
import { startEngine, type Engine } from '../../lib/local/engine.ts';
import { findDynamoDbLocal, findDynoxide, type EngineName } from '../../lib/local/engine/programs.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { clientSettings } from '../../lambdas/store/client-settings.ts';
import { openTable, type Table } from '../../lambdas/store/table.ts';
import { preparedDesk } from '../support/desk.ts';

/** What this machine lacks for an engine, in words; nothing where it can run. */
const lacking: Readonly<Record<EngineName, string | undefined>> = {
  dynoxide: findDynoxide() ? undefined : 'this platform has no binary of it',
  'dynamodb-local': findDynamoDbLocal() ? undefined : 'there is no java on the PATH, nor in JAVA_HOME',
};
const engines = Object.entries(lacking) as [EngineName, string | undefined][];

/** The tests that need one engine and no certain one run on this: the first that can run, as for the desk. */
export const anyEngine: EngineName = engines.find(([, lack]) => lack === undefined)?.[0] ?? 'dynoxide';

/** Describes what has to hold on both engines, once for each. */
export const onEachEngine = (what: string, tests: (engine: EngineName) => void): void => {
  for (const [engine, lack] of engines) {
    const name = `${what} ${engine}`;
    if (lack === undefined) {
      describe(name, () => {
        tests(engine);
      });
    } else if (process.env.REQUIRE_BOTH_ENGINES === '1') {
      it(name, () => {
        throw new Error(`REQUIRE_BOTH_ENGINES=1 asks for ${engine}, and ${lack}`);
      });
    } else {
      describe.skip(`${name} (skipped: ${lack})`, () => {
        tests(engine);
      });
    }
  }
};

/** Files that run in one process share its engines, which end with it: a JVM takes longer to start than most files take to run. */
const running = new Map<EngineName, Promise<Engine>>();
const engineOf = (engine: EngineName): Promise<Engine> => {
  const known = running.get(engine) ?? startEngine({ engine });
  running.set(engine, known);
  return known;
};

let made = 0;

/** A table of the caller's own. Its client is opened as the functions open theirs; one that is `watched` gets further steps later, and so keeps none. */
export const testTable = async (
  engine: EngineName,
  { watched = false }: { watched?: boolean } = {},
): Promise<Table> => {
  const { endpoint } = await engineOf(engine);
  const [plan] = readTemplate(preparedDesk().template).tables;
  if (!plan) throw new Error('the stack has no table');
  made += 1;
  const name = `${plan.name}-${String(made)}`;
  await createTables(endpoint, [{ ...plan, name, create: { ...plan.create, TableName: name } }]);
  const client = new DynamoDBClient({
    ...clientSettings,
    cacheMiddleware: !watched,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return openTable(name, client);
};
