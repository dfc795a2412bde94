/** Whether a text says anything: what can't be seen says nothing, and what only stands for something else is not its writer's word. */

/** Whether anything in a text can be seen. */
export const isReadable = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text.replaceAll('\u{fffc}', ''));

/** A line of names in brackets: of pictures, where they lead to, or of a sealed text that stood there. */
const STANDS_FOR = /^(?:\s*(?:\[[^\]]{0,600}\]|<https?:[^\s<>]{0,400}>))+\s*$/;

/** Whether a text has more than the names of what the desk does not show. */
export const saysAnything = (text: string): boolean =>
  text.split('\n').some((line) => isReadable(line) && !STANDS_FOR.test(line));
