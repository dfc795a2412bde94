/**
 * Redriving: hands what landed in a dead-letter queue to the function that gave up on it. It must not know how queues and functions are
 * reached. The trap: a letter leaves its queue only after the function took what it is about, and what is handed over twice does
 * nothing twice, so a redrive that breaks off is simply started again.
 */
import { dispatchAgain, type Invoke, type StreamRecord } from './dispatching.ts';
import { errandOf, type Errand, type FunctionNames, type DeadLetter, type StreamPlace } from './dead-letters.ts';

export interface RedriveServices {
  /** Some letters of a queue, which are hidden from then on, or none where nothing is left that can be seen now. */
  readonly receive: (queueUrl: string) => Promise<readonly DeadLetter[]>;
  readonly remove: (queueUrl: string, receipt: string) => Promise<void>;
  /** Lets a letter be seen again. */
  readonly giveBack: (queueUrl: string, receipt: string) => Promise<void>;
  readonly invoke: Invoke;
  /** What stands in the stream between two records, both included, of what dispatch takes; nothing where it has been trimmed. */
  readonly recordsAt: (place: StreamPlace) => Promise<readonly StreamRecord[] | undefined>;
}

export interface RedriveOptions {
  /** By the queues' names. */
  readonly queues: Readonly<Record<string, string>>;
  readonly functions: FunctionNames;
  /** Without it nothing is handed over and nothing removed. */
  readonly act: boolean;
}

export interface Redriven {
  readonly queue: string;
  /** Ids, and no content. */
  readonly about: string;
  readonly result: 'waits' | 'handed over' | 'failed again' | 'gone from the stream' | 'not understood' | 'not reached';
  /** What kept it from being handed over, by its name alone. */
  readonly error?: string;
}

/** Does an errand, and says how it went. */
const errandDone = async (
  services: RedriveServices,
  errand: Errand,
  functions: FunctionNames,
): Promise<Redriven['result']> => {
  if (errand.kind === 'event') {
    const { failed } = await services.invoke(errand.functionName, errand.event);
    return failed ? 'failed again' : 'handed over';
  }
  const records = await services.recordsAt(errand.place);
  if (records === undefined) return 'gone from the stream';
  const taken = await dispatchAgain(services.invoke, functions.Dispatch ?? '', records);
  return taken.size < records.length ? 'failed again' : 'handed over';
};

/** Whatever keeps one letter from being handed over must not keep the others. */
const run = async (
  services: RedriveServices,
  errand: Errand | undefined,
  { functions, act }: RedriveOptions,
): Promise<Pick<Redriven, 'result' | 'error'>> => {
  if (!errand) return { result: 'not understood' };
  if (!act) return { result: 'waits' };
  try {
    return { result: await errandDone(services, errand, functions) };
  } catch (error) {
    return { result: 'not reached', error: error instanceof Error ? error.name : String(error) };
  }
};

/** Goes through a queue; answers the letters that stay in it. */
const goThrough = async (
  services: RedriveServices,
  { queue, url }: { queue: string; url: string },
  options: RedriveOptions,
  tell: (redriven: Redriven) => void,
): Promise<DeadLetter[]> => {
  const left = new Map<string, DeadLetter>();
  for (;;) {
    const letters = await services.receive(url);
    if (letters.length === 0) return [...left.values()];
    for (const letter of letters) {
      // It has come out of hiding, because the others took long; its receipt is a new one, and others may stand behind it.
      if (left.has(letter.id)) {
        left.set(letter.id, letter);
        continue;
      }
      const errand = errandOf(letter, options.functions);
      const about = errand?.about ?? `the letter ${letter.id}`;
      const done = await run(services, errand, options);
      if (done.result === 'handed over') await services.remove(url, letter.receipt);
      else left.set(letter.id, letter);
      tell({ queue, about, ...done });
    }
  }
};

/** Goes through every queue, and tells of each letter. */
export const redrive = async (
  services: RedriveServices,
  options: RedriveOptions,
  tell: (redriven: Redriven) => void,
): Promise<void> => {
  for (const [queue, url] of Object.entries(options.queues)) {
    const left = await goThrough(services, { queue, url }, options, tell);
    for (const { receipt } of left) await services.giveBack(url, receipt);
  }
};
