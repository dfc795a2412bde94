/** An erasure beside others who write at the same moment: what changed under its hands is erased as it then is. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pseudonymOf } from '../../lambdas/domain/account/erased.ts';
import { answerKey } from '../../lambdas/store/answers.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { eraseStep } from '../../lambdas/store/erase.ts';
import { beginErasure, type Erasure, type Step } from '../../lambdas/store/erasures.ts';
import { readInboundMail, type InboundMail } from '../../lambdas/store/inbound-mails.ts';
import { accountKey, answersPartition, mailboxPartition } from '../../lambdas/store/keys.ts';
import { mailboxOf } from '../../lambdas/store/mailboxes.ts';
import { deleteItem, getItem, queryOnce, type Table } from '../../lambdas/store/table.ts';
import { ACCOUNT_ID, manager } from '../support/records.ts';
import { anyEngine, testTable } from './support.ts';

const NOW = '2026-03-02T15:20:00.000Z';
const ANN = { email: 'ann@example.com', name: 'Ann Arbor', pseudonym: pseudonymOf('01J9ZC2M6Q4V7R8T5X3W1Y0N2A') };
const UWE = { email: 'uwe@example.com', name: 'Uwe Berg', pseudonym: pseudonymOf('01J9ZC2M6Q4V7R8T5X3W1Y0N2B') };
const PEOPLE = /ann@|uwe@|Arbor|Berg/;

let table: Table;
beforeAll(async () => {
  table = await testTable(anyEngine, { watched: true });
});

const nothing = () => Promise.resolve();
const erase = (person: typeof ANN, stage: Erasure['stage'], after?: string): Promise<Step> =>
  eraseStep(
    { table: table, objects: { removeMail: nothing, removeFiles: nothing }, now: NOW, heirs: [] },
    { ...beginErasure({ ...person, accountId: ACCOUNT_ID }, { actor: manager, now: NOW, traces: 0 }), stage, after },
  );

/** Another writer comes at the last moment before the next record is rewritten. */
const beforeNextUpdate = (work: () => Promise<unknown>): void => {
  const { middlewareStack } = table.client;
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'UpdateItemCommand' && middlewareStack.remove('another writer')) await work();
        return next(args);
      },
    { step: 'initialize', name: 'another writer' },
  );
};

describe('an erasure', () => {
  it('leaves nothing of two people who are erased at the same time from the same line of the history', async () => {
    const at = '2026-03-02T15:00:00.000Z';
    const session = { type: 'remote-session', purpose: `Looked at it with ${ANN.name} and ${UWE.name}.` } as const;
    const line = { ...session, recordId: 'rec_1', accountId: ACCOUNT_ID, at, actor: manager };
    expect(await commit(table, { accountEvents: [line] })).toBe('committed');
    beforeNextUpdate(() => erase(ANN, 'records'));
    expect(await erase(UWE, 'records')).toMatchObject({ traces: 1 });
    const { items } = await queryOnce(table, {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': accountKey(ACCOUNT_ID).pk },
    });
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).not.toMatch(PEOPLE);
  });

  it('leaves nothing of either in an answer that both are in', async () => {
    const body = JSON.stringify({ contact: ANN.email, followers: [UWE.email] });
    const answer = { caller: 'c', key: 'k', hash: 'h', status: 201, body, at: NOW };
    expect(await commit(table, { answer })).toBe('committed');
    const after = answersPartition(undefined);
    beforeNextUpdate(() => erase(ANN, 'answers', after));
    expect(await erase(UWE, 'answers', after)).toMatchObject({ traces: 1 });
    const item = await getItem(table, answerKey('c', 'k'));
    expect(item).toBeDefined();
    expect(JSON.stringify(item)).not.toMatch(PEOPLE);
  });

  it('leaves nothing of a mail that a manager drops at this very moment', async () => {
    const mail: InboundMail = {
      sesMessageId: 'ses-1',
      outcome: 'quarantined',
      code: 'unproven',
      reason: 'It is not proven.',
      at: NOW,
      accountId: ACCOUNT_ID,
      sender: UWE.email,
    };
    const correspondents = [{ address: UWE.email, wrote: true }];
    expect(await commit(table, { inboundMail: mail, correspondents })).toBe('committed');
    const decision = { action: 'dropped', by: manager, at: NOW, quarantinedFor: 'unproven' } as const;
    beforeNextUpdate(() =>
      commit(table, { inboundMail: { ...mail, outcome: 'dropped', code: 'by-manager', decision } }),
    );
    expect(await erase(UWE, 'mailbox')).toMatchObject({ traces: 1 });
    const left = await readInboundMail(table, 'ses-1');
    expect(left).toMatchObject({ outcome: 'dropped', code: 'by-manager' });
    expect(JSON.stringify(left)).not.toMatch(PEOPLE);
    const { items } = await queryOnce(table, {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': mailboxPartition(UWE.email) },
    });
    expect(items).toEqual([]);
  });
});

/** DynamoDB serves nothing of the next read of several items, as it may where they are too much for one answer. */
const servingLater = (): void => {
  const { middlewareStack } = table.client;
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName !== 'BatchGetItemCommand' || !middlewareStack.remove('serves later')) return answer;
        const { RequestItems } = args.input as { RequestItems: object };
        Object.assign(answer.output, { Responses: {}, UnprocessedKeys: RequestItems });
        return answer;
      },
    { step: 'initialize', name: 'serves later' },
  );
};

describe('a mailbox', () => {
  it('is told in parts of so many entries, also where the entry between two parts is gone or the table serves a read later', async () => {
    const address = 'eve@example.com';
    const ids = ['ses-a', 'ses-b', 'ses-c', 'ses-d', 'ses-e'];
    for (const sesMessageId of ids) {
      const mail: InboundMail = {
        sesMessageId,
        outcome: 'ignored',
        code: 'automatic',
        reason: 'A machine wrote it.',
        at: NOW,
      };
      await commit(table, { inboundMail: mail, correspondents: [{ address, wrote: true }] });
    }
    servingLater();
    const told: string[][] = [];
    let after: string | undefined;
    do {
      const { entries, next } = await mailboxOf(table, address, { after, most: 2 });
      told.push(entries.flatMap((entry) => (entry.kind === 'mail' ? [entry.mail.sesMessageId] : [])));
      if (next !== undefined) await deleteItem(table, { pk: mailboxPartition(address), sk: next });
      after = next;
    } while (after !== undefined);
    expect(told).toEqual([['ses-a', 'ses-b'], ['ses-c', 'ses-d'], ['ses-e']]);
  });
});
