/**
 * `npm run replay -- [--stage dev | --desk URL] (--ticket tkt_… | --from ISO --to ISO) [--yes]`: tells which recorded events of a ticket or
 * of a span of time would be handed to dispatch again; with `--yes`, does so. A span reads the whole table. One line of JSON an event.
 */
import { parseArgs } from 'node:util';
import { REMEMBERED_LETTER_DAYS } from '../lambdas/store/mails.ts';
import { replayEvents, type ReplayOptions } from '../lib/operate/replay.ts';
import { replayServices } from '../lib/operate/services.ts';
import { openStage, stageOptions } from '../lib/operate/stage.ts';
import { MILLIS_A_DAY } from '../lambdas/domain/time/instant.ts';

const option = { type: 'string' } as const;
const USAGE = 'usage: npm run replay -- [--stage dev | --desk URL] (--ticket tkt_… | --from ISO --to ISO) [--yes]';

const selected = (given: { ticket?: string; from?: string; to?: string }): ReplayOptions['of'] => {
  if (given.ticket !== undefined) return { ticketId: given.ticket };
  const [from, to] = [Date.parse(given.from ?? ''), Date.parse(given.to ?? '')];
  if (Number.isNaN(from) || Number.isNaN(to)) throw new Error(USAGE);
  return { from, to };
};

async function main(): Promise<void> {
  const options = { ...stageOptions, ticket: option, from: option, to: option };
  const { values } = parseArgs({ options });
  const of = selected(values);
  const stage = await openStage(values);
  const dispatch = stage.functions.Dispatch ?? '';
  // A day less: what is remembered is forgotten at some time of its last day.
  const notBefore = stage.now - (REMEMBERED_LETTER_DAYS - 1) * MILLIS_A_DAY;
  let told = 0;
  await replayEvents(replayServices(stage), { of, dispatch, notBefore, act: values.yes }, (replayed) => {
    told += 1;
    process.stdout.write(`${JSON.stringify(replayed)}\n`);
    if (replayed.result === 'failed' || replayed.result === 'damaged') process.exitCode = 1;
  });
  if (told > 0 && !values.yes) process.stderr.write('Nothing was done. Add --yes to hand these over.\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
