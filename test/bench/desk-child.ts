/**
 * Runs a desk for a benchmark in this process, whose parent asks for what a user can't: that a function be invoked with an event,
 * or to be told when all is calm. It ends with its parent.
 */
import { startDesk } from '../../lib/local/desk.ts';

/** What the parent asks; every question is answered with its number. */
export type Question =
  | { readonly number: number; readonly ask: 'invoke'; readonly entry: string; readonly event: unknown }
  | { readonly number: number; readonly ask: 'calm' };

export interface Reply {
  readonly number: number;
  readonly failure?: string;
}

const desk = await startDesk({
  environment: process.env,
  log: (line) => process.stderr.write(`${line}\n`),
});

const answer = async (question: Question): Promise<string | undefined> => {
  if (question.ask === 'calm') {
    await desk.activity.settled();
    return undefined;
  }
  const { failure } = await desk.invoke(question.entry, question.event);
  return failure && JSON.stringify(failure);
};

const end = (): void => {
  void desk.stop().finally(() => process.exit(0));
};

process.on('message', (question: Question) => {
  const { number } = question;
  answer(question).then(
    (failure) => process.send?.({ number, ...(failure !== undefined && { failure }) } satisfies Reply),
    (error: unknown) => process.send?.({ number, failure: String(error) } satisfies Reply),
  );
});
process.once('disconnect', end).once('SIGTERM', end);
process.send?.({ url: desk.url });
