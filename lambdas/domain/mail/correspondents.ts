/**
 * Whom a mail names: so that everything about an address can be found again, to be shown to its owner or to be erased. It says nothing
 * of who is proven: somebody named in a forged mail is named all the same.
 */

/** Somebody whom a mail names: as its writer, or beside the desk among those that it was sent to. */
export interface Correspondent {
  readonly address: string;
  readonly wrote: boolean;
}

/** A mail to whole lists names more people than anybody answers; its writer comes first. */
const MOST_NAMED = 40;

const PLAIN = /^[\x21-\x7e]{1,254}$/;

/** `isOurs`: an address of the desk itself. Addresses are in lower case; what can't be read is empty and names nobody. */
export const correspondentsOf = (
  { writers, copied }: { readonly writers: readonly string[]; readonly copied: readonly string[] },
  isOurs: (address: string) => boolean,
): Correspondent[] =>
  [...new Set([...writers, ...copied])]
    .filter((address) => PLAIN.test(address) && !isOurs(address))
    .slice(0, MOST_NAMED)
    .map((address) => ({ address, wrote: writers.includes(address) }));
