/**
 * Replaying mails that the inbound function gave up on: each letter of its dead-letter queue carries the event of SES, which is handed
 * to the function again. It must not know how the queue and the function are reached. The trap: a letter leaves the queue only
 * after the function took its event; an event that is handed over twice does nothing twice.
 */
import * as z from 'zod';

export interface ReplayServices {
  /** Some letters of the queue, or none where nothing is left that can be seen now. */
  readonly receive: () => Promise<readonly { readonly id: string; readonly body: string; readonly receipt: string }[]>;
  /** Invokes the inbound function and waits; answers what it answered, or that it failed again. */
  readonly invoke: (event: unknown) => Promise<{ readonly failed: boolean; readonly answer: unknown }>;
  readonly remove: (receipt: string) => Promise<void>;
}

export interface Replayed {
  /** SES's id of the mail; absent where the letter holds no mail. */
  readonly sesMessageId?: string;
  readonly result: 'handled' | 'failed again' | 'no mail' | 'left alone';
  readonly answer?: unknown;
}

const letterSchema = z.object({
  requestPayload: z.object({
    Records: z.tuple([z.looseObject({ ses: z.looseObject({ mail: z.looseObject({ messageId: z.string() }) }) })]),
  }),
});

const eventIn = (body: string): z.infer<typeof letterSchema>['requestPayload'] | undefined => {
  try {
    return letterSchema.parse(JSON.parse(body)).requestPayload;
  } catch {
    return undefined;
  }
};

const replayOne = async (
  { invoke, remove }: ReplayServices,
  { body, receipt }: { body: string; receipt: string },
  only: string | undefined,
): Promise<Replayed> => {
  const event = eventIn(body);
  if (!event) return { result: 'no mail' };
  const sesMessageId = event.Records[0].ses.mail.messageId;
  if (only !== undefined && only !== sesMessageId) return { sesMessageId, result: 'left alone' };
  const { failed, answer } = await invoke(event);
  if (failed) return { sesMessageId, result: 'failed again', answer };
  await remove(receipt);
  return { sesMessageId, result: 'handled', answer };
};

/** Replays every letter of the queue, or the one about the mail of that id; `tell` hears of each. */
export const replayMail = async (
  services: ReplayServices,
  tell: (replayed: Replayed) => void,
  only?: string,
): Promise<void> => {
  const known = new Set<string>();
  for (;;) {
    const letters = (await services.receive()).filter(({ id }) => !known.has(id));
    if (letters.length === 0) return;
    for (const letter of letters) {
      known.add(letter.id);
      tell(await replayOne(services, letter, only));
    }
  }
};
