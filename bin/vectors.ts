/**
 * `npm run vectors -- FILE`: runs a file of business-time cases and prints one line of JSON, `{"passed", "failed", "failures"}`.
 * It owns the exit code: 0 when all passed, 1 when any failed, 2 when there was nothing to run.
 */
import { readFileSync } from 'node:fs';
import { runCases } from './vector-cases.ts';

const giveUp = (message: string): never => {
  console.error(message);
  process.exit(2);
};

const run = (file: string): void => {
  try {
    const outcome = runCases(readFileSync(file, 'utf8'));
    console.log(JSON.stringify(outcome));
    const { passed, failed } = outcome;
    if (passed + failed === 0) giveUp(`${file} holds no cases.`);
    process.exitCode = failed === 0 ? 0 : 1;
  } catch (error) {
    giveUp(`${file} can't be read as a list of cases: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const file = process.argv[2];
if (file === undefined) giveUp('usage: npm run vectors -- FILE');
else run(file);
