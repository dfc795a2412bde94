/**
 * `npm run restart-clocks -- [--stage dev | --desk URL] [--ticket tkt_…] [--yes]`: tells which open tickets would get a new clock, one or
 * all; with `--yes`, gives each its own. For after a restore, or after clocks were stopped by hand. One line of JSON a ticket.
 */
import { parseArgs } from 'node:util';
import { openTable } from '../lambdas/store/table.ts';
import { restartClocks } from '../lib/operate/clocks.ts';
import { openTicketIds } from '../lib/operate/services.ts';
import { openStage, stageOptions } from '../lib/operate/stage.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...stageOptions, ticket: { type: 'string' } } });
  const stage = await openStage(values);
  const { clients, stateMachineArn, tableName } = stage;
  const places = { table: openTable(tableName, clients.dynamodb), states: clients.states, stateMachineArn };
  const ids = values.ticket === undefined ? openTicketIds(stage) : [values.ticket];
  let told = 0;
  await restartClocks(places, ids, values.yes, (restarted) => {
    told += 1;
    process.stdout.write(`${JSON.stringify(restarted)}\n`);
    if (restarted.result === 'no free generation' || restarted.result === 'failed') process.exitCode = 1;
  });
  if (told > 0 && !values.yes) process.stderr.write('Nothing was done. Add --yes to restart these.\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
