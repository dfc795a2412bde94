/** What lies in the desk's dead-letter queues: what it is about, and handing it over again, as the one who is on call does. */
import type { World } from './world.ts';

interface DeadLetterBody {
  readonly requestContext: { readonly functionArn: string };
  readonly requestPayload?: {
    /** An event of the bus: of a ticket, or of a clock that ended. */
    readonly detail?: { readonly ticketId?: string; readonly seq?: number; readonly name?: string };
    /** Mails of which SES told. */
    readonly Records?: readonly { readonly ses?: { readonly mail: { readonly messageId: string } } }[];
  };
}

const bodies = ({ desk }: Pick<World, 'desk'>): DeadLetterBody[] =>
  desk.deadLetters().map(({ body }) => body as DeadLetterBody);

/** Events of tickets by their ids, and clocks by their names. */
export const aboutDead = (world: Pick<World, 'desk'>): Set<string> =>
  new Set(
    bodies(world).flatMap(({ requestPayload }) => {
      const { ticketId, seq, name } = requestPayload?.detail ?? {};
      if (name !== undefined) return [name];
      return ticketId === undefined ? [] : [`${ticketId}-${String(seq)}`];
    }),
  );

/** Hands over what the bus, schedules and mail have left. Answers how many letters there were, and when which mails were handed over. */
export const redrive = async (
  world: Pick<World, 'desk'>,
): Promise<{ letters: number; mails: ReadonlyMap<string, number> }> => {
  const { desk } = world;
  const dead = bodies(world);
  const mails = new Map<string, number>();
  for (const { requestContext, requestPayload } of dead) {
    const plan = desk.blueprint.functions.find(({ arn }) => requestContext.functionArn.startsWith(arn));
    if (plan === undefined || requestPayload === undefined) continue;
    for (const { ses } of requestPayload.Records ?? []) if (ses) mails.set(ses.mail.messageId, desk.clock.now());
    await desk.invoke(plan.entry, requestPayload);
  }
  return { letters: dead.length, mails };
};
