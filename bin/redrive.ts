/**
 * `npm run redrive -- [--stage dev | --desk URL] [--queue NAME] [--yes]`: tells what lies in the dead-letter queues of a stage; with
 * `--yes`, hands each letter to the function that gave up on it, and takes out what the function took. One line of JSON a letter.
 */
import { parseArgs } from 'node:util';
import { redrive } from '../lib/operate/redrive.ts';
import { redriveServices } from '../lib/operate/services.ts';
import { openStage, stageOptions } from '../lib/operate/stage.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...stageOptions, queue: { type: 'string' } } });
  const stage = await openStage(values);
  const { queue } = values;
  const named = Object.entries(stage.queues).filter(([name]) => queue === undefined || name === queue);
  if (named.length === 0) throw new Error(`There is no such queue; there are ${Object.keys(stage.queues).join(', ')}.`);
  const options = { queues: Object.fromEntries(named), functions: stage.functions, act: values.yes };
  let told = 0;
  await redrive(redriveServices(stage), options, (redriven) => {
    told += 1;
    process.stdout.write(`${JSON.stringify(redriven)}\n`);
    if (redriven.result !== 'waits' && redriven.result !== 'handed over') process.exitCode = 1;
  });
  if (told > 0 && !values.yes) process.stderr.write('Nothing was done. Add --yes to hand these over.\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
