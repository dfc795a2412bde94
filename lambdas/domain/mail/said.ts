/**
 * Whether a mail of the vendor's people is an answer: the promise is a human, relevant, technical one (rule AX-04), so a mail without
 * a word of its own keeps none, and its customer is told nothing by it. A customer's mail needs no words: that they wrote is enough to
 * resume a clock. The trap: which words are the writer's own is a guess about text, so a manager who has looked may decide otherwise.
 */
import { isOwnFile, type TypedFile } from './attachments.ts';
import { stop, type Stopped } from './inbound.ts';

/**
 * What a mail says: words of its writer; nothing but what it quotes and a signature; something that the desk can't read; or nothing
 * at all.
 */
export type Said = 'words' | 'repeated' | 'sealed' | 'nothing';

/** By which code its writer is told that it is none, while there is time to write another. */
export const NO_ANSWER: readonly string[] = ['no-text', 'no-own-words', 'sealed'] satisfies Unanswering[];
type Unanswering = 'no-text' | 'no-own-words' | 'sealed';

/** Why a mail of the vendor's people is no answer; nothing where it is one. `vouched`: a manager has looked at it and released it. */
export const unanswering = (
  { said, attachments }: { readonly said: Said; readonly attachments: readonly TypedFile[] },
  vouched: boolean,
): Stopped | undefined => {
  if (said === 'words') return undefined;
  if (said === 'sealed') {
    return stop(
      'quarantined',
      'sealed',
      'The engineer’s mail is in a form that can’t be read here: it answers nothing.',
    );
  }
  if (attachments.some(isOwnFile)) return undefined;
  if (said === 'nothing') {
    return stop('quarantined', 'no-text', 'The engineer’s mail has neither text nor a file: it answers nothing.');
  }
  return vouched
    ? undefined
    : stop(
        'quarantined',
        'no-own-words',
        'The engineer’s mail has nothing but what it quotes and a signature: it answers nothing.',
      );
};
