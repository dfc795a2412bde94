/**
 * Erasing a person from everything that is kept about an account, step by step: each step does a bounded part, and what it did is done
 * however it ended. It walks the account's own records, its tickets oldest first, so that those opened meanwhile come last, what callers
 * were answered in the last days, and the address's own records.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { erasedAccountEvent, erasedEntry } from '../domain/account/account-erasure.ts';
import { ERASED, erasedRecord, names, type Person } from '../domain/account/erased.ts';
import { eraseFromTicket, type Erasing } from './erase-ticket.ts';
import { eraseMailbox } from './erase-mailbox.ts';
import { personOf, type Erasure, type Step } from './erasures.ts';
import { readAccountEvent, readLedgerEntry } from './items.ts';
import * as keys from './keys.ts';
import { readMany } from './read.ts';
import { keyOf, remove, rewrite, untilErased } from './rewrite.ts';
import { queryOnce, updateItem, type Item, type Table } from './table.ts';

/** What one step looks at: an answer of the API must come within 20 seconds, and these take one or two. */
const RECORDS_A_STEP = 100;
const TICKETS_A_STEP = 25;
/** A ticket with a long history is a step of its own. */
const TRACES_A_STEP = 200;

interface Slice {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

const sliceOf = async (
  table: Table,
  {
    index,
    pk,
    after = ' ',
    most,
  }: { index?: typeof keys.BY_ACCOUNT_INDEX; pk: string; after?: string | undefined; most: number },
): Promise<Slice> => {
  const names = index ?? { pk: 'pk', sk: 'sk' };
  const { items, last } = await queryOnce(table, {
    ...(index && { IndexName: index.name }),
    KeyConditionExpression: '#pk = :pk AND #sk > :after',
    ExpressionAttributeNames: { '#pk': names.pk, '#sk': names.sk },
    ExpressionAttributeValues: { ':pk': pk, ':after': after },
    Limit: most,
  });
  const next = last?.[names.sk];
  return { items, next: typeof next === 'string' ? next : undefined };
};

const erasedOf: Readonly<Record<string, (item: Item, person: Person) => [before: unknown, after: unknown]>> = {
  'ledger-entry': (item, person) => {
    const entry = readLedgerEntry(item);
    return [entry, erasedEntry(entry, person)];
  },
  'account-event': (item, person) => {
    const event = readAccountEvent(item);
    return [event, erasedAccountEvent(event, person)];
  },
};

const eraseRecord = async ({ table, person }: Erasing, item: Item): Promise<number | 'stale'> => {
  const [before, erased] = erasedOf[String(item.entity)]?.(item, person) ?? [];
  if (JSON.stringify(before) === JSON.stringify(erased)) return 0;
  return (await rewrite(table, item, erased)) === 'stale' ? 'stale' : 1;
};

/** Lines of the ledger and of the history; nothing but another person's erasure ever changes one. */
const eraseRecords = async (erasing: Erasing, accountId: string, after: string | undefined): Promise<Step> => {
  const { table } = erasing;
  const { pk } = keys.accountKey(accountId);
  const { items, next } = await sliceOf(table, { pk, after, most: RECORDS_A_STEP });
  let traces = 0;
  for (const item of items) traces += await untilErased(table, item, (latest) => eraseRecord(erasing, latest));
  return { traces, next };
};

const eraseTickets = async (erasing: Erasing, accountId: string, after: string | undefined): Promise<Step> => {
  const index = keys.BY_ACCOUNT_INDEX;
  const asked = { index, pk: keys.accountKey(accountId).pk, after, most: TICKETS_A_STEP };
  const { items, next } = await sliceOf(erasing.table, asked);
  let traces = 0;
  for (const [place, item] of items.entries()) {
    traces += await eraseFromTicket(erasing, keys.ticketIdOf(item));
    if (traces >= TRACES_A_STEP && place + 1 < items.length) return { traces, next: String(item[index.sk]) };
  }
  return { traces, next };
};

const answerSchema = z.object({ record: z.looseObject({ key: z.string(), body: z.string() }) });

/** An answer that names the person shows what they wrote; a page can't be told apart, and is gone within days in any case. */
const erasedAnswer = (body: string, person: Person): string => {
  try {
    return names(person, body) ? JSON.stringify(erasedRecord(person, JSON.parse(body) as unknown, true)) : body;
  } catch {
    return ERASED;
  }
};

const eraseAnswer = async ({ table, person }: Erasing, item: Item): Promise<number | 'stale'> => {
  const { key, body } = answerSchema.parse(item).record;
  // The caller chose the key; whoever put an address into it is not answered again.
  if (key.toLowerCase().includes(person.email)) {
    await remove(table, [keyOf(item)]);
    return 1;
  }
  const after = erasedAnswer(body, person);
  if (after === body) return 0;
  try {
    await updateItem(table, {
      Key: keyOf(item),
      UpdateExpression: 'SET #record.#body = :after',
      ConditionExpression: '#record.#body = :before',
      ExpressionAttributeNames: { '#record': 'record', '#body': 'body' },
      ExpressionAttributeValues: { ':before': body, ':after': after },
    });
  } catch (error) {
    // Forgotten meanwhile, or without another person who is being erased.
    if (error instanceof ConditionalCheckFailedException) return 'stale';
    throw error;
  }
  return 1;
};

/** Separates the partition from the place in it. */
const IN = '|';

/** The answers that callers may ask for again: those about the account, then those about none. */
const eraseAnswers = async (erasing: Erasing, accountId: string, from: string | undefined): Promise<Step> => {
  const [partition = '', after] = from?.split(IN) ?? [keys.answersPartition(accountId)];
  const asked = { index: keys.BY_ACCOUNT_INDEX, pk: partition, after, most: RECORDS_A_STEP };
  const { items, next } = await sliceOf(erasing.table, asked);
  let traces = 0;
  for await (const item of readMany(erasing.table, items.map(keyOf))) {
    traces += await untilErased(erasing.table, item, (latest) => eraseAnswer(erasing, latest));
  }
  if (next !== undefined) return { traces, next: `${partition}${IN}${next}` };
  const others = keys.answersPartition(undefined);
  return { traces, next: partition === others ? undefined : others };
};

/** One step of an erasure. */
export const eraseStep = (work: Omit<Erasing, 'person' | 'actor'>, erasure: Erasure): Promise<Step> => {
  const { accountId, after, stage } = erasure;
  const erasing: Erasing = { ...work, person: personOf(erasure), actor: erasure.by };
  switch (stage) {
    case 'records':
      return eraseRecords(erasing, accountId, after);
    case 'tickets':
      return eraseTickets(erasing, accountId, after);
    case 'answers':
      return eraseAnswers(erasing, accountId, after);
    case 'mailbox':
      return eraseMailbox({ ...erasing, accountId }, after);
  }
};
