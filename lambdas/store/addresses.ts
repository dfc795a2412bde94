/**
 * Whether mail goes to an address: one record for each address that ever failed. What a failure means is the domain's business. The
 * trap: what stops mail is asked for before every letter, so it is a read by key (`readStops`).
 */
import { afterFailure, type Address, type Failure } from '../domain/mail/address.ts';
import { attempt } from './attempt.ts';
import { commit } from './commit.ts';
import { readAddress } from './items.ts';
import { addressKey } from './keys.ts';
import { getItem, type Table } from './table.ts';

const addressWith = async (table: Table, email: string): Promise<Address | undefined> => {
  const item = await getItem(table, addressKey(email));
  return item && readAddress(item);
};

/** Stops mail to an address. What came before, weighs more or is over already is not written again. */
export const markAddress = (table: Table, failure: Failure): Promise<void> =>
  attempt(async () => {
    const before = await addressWith(table, failure.email);
    const after = afterFailure(before, failure);
    if (!after) return;
    const outcome = await commit(table, { address: { before, after } });
    return outcome === 'committed' ? undefined : 'stale';
  });
