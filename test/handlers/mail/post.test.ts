/** Sending against a real table and a mail service as SES is: once, recorded, not too often, and at the cost of two writes. */
import { SESClient } from '@aws-sdk/client-ses';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { writeLetter } from '../../../lambdas/handlers/mail/letter.ts';
import {
  HeldLetterError,
  MOST_IMPORTANT_LETTERS,
  MOST_LETTERS_OF_AN_ACCOUNT,
  MOST_ROUTINE_LETTERS,
  openPost,
  sesSettings,
  UnsentLetterError,
  type PostOptions,
} from '../../../lambdas/handlers/mail/post.ts';
import {
  claimMail,
  HELD_SECONDS,
  recordWithheld,
  ticketOfSesMessage,
  wasMailed,
} from '../../../lambdas/store/mails.ts';
import { AwsError } from '../../../lib/local/aws/aws-error.ts';
import { startAwsEndpoint, type AwsEndpoint } from '../../../lib/local/aws/endpoint.ts';
import { DeskClock } from '../../../lib/local/clock.ts';
import { Journal } from '../../../lib/local/journal.ts';
import { Outbox } from '../../../lib/local/mail/outbox.ts';
import { mailService } from '../../../lib/local/mail/ses.ts';
import type { Table } from '../../../lambdas/store/table.ts';
import { onEachEngine, testTable } from '../../store/support.ts';

const NOW = '2026-03-02T15:20:00.000Z';
/** What the post office takes for the present, ms since the epoch. */
let present = Date.parse(NOW);
/** Lambda runs again what failed after a minute. */
const aMinutePasses = (): void => {
  present += 60_000;
};
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const TICKET = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2M';

let mails: AwsEndpoint;
let outbox: Outbox;
let failing: boolean | Error = false;
/** The service refuses letters to these, and names them as SES does. */
let refused: readonly string[] = [];
/** What happens while the service has a letter, before it takes it. */
let meanwhile: (() => Promise<void>) | undefined;
let ses: SESClient;
beforeAll(async () => {
  mails = await startAwsEndpoint({
    json: {},
    query: async (action, parameters) => {
      await meanwhile?.();
      if (failing) throw failing instanceof Error ? failing : new Error('SES is down');
      const to = parameters.get('Destinations.member.1') ?? '';
      if (refused.includes(to)) throw new AwsError('MessageRejected', `Email address is not verified: ${to}`);
      return mailService(outbox)(action, parameters);
    },
    onError: () => undefined,
  });
  ses = new SESClient({ ...sesSettings, endpoint: mails.url, region: 'us-east-1', credentials });
});
afterAll(() => mails.stop());
beforeEach(() => {
  failing = false;
  refused = [];
  outbox = new Outbox({ journal: new Journal(), clock: new DeskClock() });
});

const failureOf = async (work: Promise<void>): Promise<Error> => {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof Error) return failure;
  throw new Error('it did not fail');
};

/** Of so many the important letters of an hour are a multiple. */
const AT_ONCE = 20;

let cause = 0;
const fresh = (): string => `cause-${String((cause += 1))}`;
let readers = 0;
const freshReader = () => ({ email: `ann${String((readers += 1))}@example.com`, name: 'Ann' });
const letterTo = (reader: { email: string }, more: { important?: true; doneBy?: string; ticketId?: string } = {}) =>
  writeLetter({ reader, title: 'Title', body: ['Text'], signature: 'Desk', ...more });

onEachEngine('the post office, on', (engine) => {
  let table: Table;
  const commands: string[] = [];
  const logged: unknown[][] = [];
  beforeAll(async () => {
    table = await testTable(engine, { watched: true });
    table.client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          commands.push(commandName ?? '');
          return next(args);
        },
      { step: 'initialize' },
    );
  });
  beforeEach(() => {
    commands.length = 0;
    logged.length = 0;
  });
  const open = (more: Partial<PostOptions> = {}) => {
    const note = (...line: unknown[]) => {
      logged.push(line);
    };
    const log = { debug: note, info: note, warn: note, error: note };
    const clock = () => present;
    return openPost(table, { sender: 'support@example.com', deskName: 'Desk', log, ses, clock, ...more });
  };

  it('sends a letter once, however often its cause is delivered, at two writes', async () => {
    const [reader, one] = [freshReader(), fresh()];
    await open().send([letterTo(reader)], one, NOW);
    expect(commands).toEqual(['UpdateItemCommand', 'PutItemCommand']);
    await open().send([letterTo({ email: reader.email.toUpperCase() })], one, NOW);
    await open().send([letterTo(reader)], one, NOW);
    expect(outbox.all()).toHaveLength(1);
    expect(await wasMailed(table, one, reader.email)).toBe(true);
    expect(await wasMailed(table, one, 'uwe@example.com')).toBe(false);
  });

  it('names no address where SES refuses a letter: what fails a function is logged by Lambda itself', async () => {
    const [reader, one] = [freshReader(), fresh()];
    refused = [reader.email];
    const failure = await failureOf(open().send([letterTo(reader)], one, NOW));
    expect(failure.message).toBe(
      `SES did not take the letter about ${one}: MessageRejected: Email address is not verified: (an address)`,
    );
    expect(inspect(failure)).not.toContain(reader.email);
  });

  it('sends to all others where SES refuses one, and fails at the end; repeated, it sends to that one alone', async () => {
    const readers = [freshReader(), freshReader(), freshReader()];
    const [first, second, third] = readers.map(({ email }) => email) as [string, string, string];
    const one = fresh();
    const send = () =>
      open().send(
        readers.map((reader) => letterTo(reader)),
        one,
        NOW,
      );
    refused = [second];
    for (let delivered = 0; delivered < 2; delivered += 1) {
      const failure = await failureOf(send());
      expect(failure).toBeInstanceOf(UnsentLetterError);
      expect(failure.message).toContain(`SES did not take the letter about ${one}`);
      expect(outbox.all().flatMap(({ to }) => to)).toEqual([first, third]);
      aMinutePasses();
    }
    refused = [];
    await send();
    expect(outbox.all().flatMap(({ to }) => to)).toEqual([first, third, second]);
  });

  it('says how many it failed at, and names none of them', async () => {
    const readers = [freshReader(), freshReader(), freshReader()];
    const one = fresh();
    refused = readers.slice(1).map(({ email }) => email);
    const failure = await failureOf(
      open().send(
        readers.map((reader) => letterTo(reader)),
        one,
        NOW,
      ),
    );
    expect(failure).toBeInstanceOf(UnsentLetterError);
    expect(failure.message).toMatch(/^2 of 3 failed, the first with UnsentLetterError: SES did not take the letter/);
    for (const { email } of readers) expect(inspect(failure)).not.toContain(email);
  });

  it('sends again what was lost between claim and record: twice is better than never', async () => {
    const [reader, one] = [freshReader(), fresh()];
    failing = true;
    await expect(open().send([letterTo(reader)], one, NOW)).rejects.toThrow();
    expect(await wasMailed(table, one, reader.email)).toBe(false);
    failing = false;
    present += (HELD_SECONDS - 1) * 1000;
    await expect(open().send([letterTo(reader)], one, NOW)).rejects.toBeInstanceOf(HeldLetterError);
    present += 1000;
    await open().send([letterTo(reader)], one, NOW);
    await open().send([letterTo(reader)], one, NOW);
    expect(outbox.all()).toHaveLength(1);
  });

  it('sends once what several runs have at the same moment; the others fail, and find it sent when they are run again', async () => {
    const [reader, one] = [freshReader(), fresh()];
    const deliver = () =>
      Promise.allSettled(Array.from({ length: 3 }, () => open().send([letterTo(reader)], one, NOW)));
    const outcomes = await deliver();
    expect(outbox.all()).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(HeldLetterError);
    for (const minutes of [0, 1, 2]) {
      present += minutes * 60_000;
      expect((await deliver()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    }
    expect(outbox.all()).toHaveLength(1);
  });

  it('leaves a letter to whoever claimed it, and tells those that come in between', async () => {
    const [reader, one] = [freshReader(), fresh()];
    let other: unknown;
    meanwhile = async () => {
      meanwhile = undefined;
      other = await failureOf(open().send([letterTo(reader)], one, NOW));
    };
    await open().send([letterTo(reader)], one, NOW);
    expect(other).toBeInstanceOf(HeldLetterError);
    expect(outbox.all()).toHaveLength(1);
  });

  it('finds the ticket by the id that SES gave the message', async () => {
    const [reader, one] = [freshReader(), fresh()];
    await open().send([letterTo(reader, { ticketId: TICKET })], one, NOW);
    const id = outbox.all()[0]!.messageId;
    expect(await ticketOfSesMessage(table, id)).toEqual({ ticketId: TICKET, to: reader.email, cause: one });
    expect(await ticketOfSesMessage(table, 'unknown')).toBeUndefined();
  });

  it('keeps back what is over the cap of an hour, on record and in the log, and counts a repeat once', async () => {
    const reader = freshReader();
    const causes = Array.from({ length: MOST_ROUTINE_LETTERS }, fresh);
    for (const one of [...causes, ...causes]) await open().send([letterTo(reader)], one, NOW);
    expect(outbox.all()).toHaveLength(MOST_ROUTINE_LETTERS);
    const over = fresh();
    await open().send([letterTo(reader)], over, NOW);
    await open().send([letterTo(reader)], over, NOW);
    expect(outbox.all()).toHaveLength(MOST_ROUTINE_LETTERS);
    expect(logged.map(([line]) => line)).toContain('mail withheld: too many to one address in an hour');
    expect(JSON.stringify(logged)).not.toContain('@');
    expect(await wasMailed(table, over, reader.email)).toBe(false);
    // Others, and what must arrive, are not kept back; nor is anybody in the next hour.
    await open().send([letterTo(freshReader())], fresh(), NOW);
    await open().send([letterTo(reader, { important: true })], fresh(), NOW);
    await open().send([letterTo(reader)], fresh(), '2026-03-02T16:00:00.000Z');
    expect(outbox.all()).toHaveLength(MOST_ROUTINE_LETTERS + 3);
  });

  it('lets no more through when many are sent at once', async () => {
    const reader = freshReader();
    const causes = Array.from({ length: MOST_ROUTINE_LETTERS + 10 }, fresh);
    await Promise.all(causes.map((one) => open().send([letterTo(reader)], one, NOW)));
    expect(outbox.all()).toHaveLength(MOST_ROUTINE_LETTERS);
  });

  it('has a cap for important letters, too', async () => {
    const { email: to } = freshReader();
    const cap = { kind: 'important', most: MOST_IMPORTANT_LETTERS };
    for (let sent = 0; sent < MOST_IMPORTANT_LETTERS; sent += AT_ONCE) {
      const claims = Array.from({ length: AT_ONCE }, () =>
        claimMail(table, { cause: fresh(), to }, NOW, cap, Date.parse(NOW)),
      );
      expect(new Set(await Promise.all(claims))).toEqual(new Set(['claimed']));
    }
    await open().send([letterTo({ email: to }, { important: true })], fresh(), NOW);
    expect(outbox.all()).toEqual([]);
  });

  it('has a cap for what the people of one account do: who writes without end keeps back nothing of others', async () => {
    const reader = freshReader();
    const send = (more: { doneBy?: string }) =>
      open().send([letterTo(reader, { important: true, ...more })], fresh(), NOW);
    await Promise.all(Array.from({ length: MOST_LETTERS_OF_AN_ACCOUNT + 10 }, () => send({ doneBy: 'acc_1' })));
    for (const more of [{ doneBy: 'acc_2' }, {}]) await send(more);
    expect(outbox.all()).toHaveLength(MOST_LETTERS_OF_AN_ACCOUNT + 2);
  });

  it('sends once what was counted otherwise before', async () => {
    const [reader, one] = [freshReader(), fresh()];
    for (const more of [{}, { doneBy: 'acc_1' }]) {
      await open().send([letterTo(reader, { important: true, ...more })], one, NOW);
    }
    expect(outbox.all()).toHaveLength(1);
  });

  it('asks whether an address may be written to, and keeps back what may not', async () => {
    const [reader, one] = [freshReader(), fresh()];
    const asked: string[] = [];
    const post = open({
      stopped: (emails) => {
        asked.push(...emails);
        return Promise.resolve(new Set(emails));
      },
    });
    await post.send([letterTo(reader)], one, NOW);
    expect(asked).toEqual([reader.email]);
    expect(outbox.all()).toEqual([]);
    await open().send([letterTo(reader)], one, NOW);
    expect(outbox.all()).toHaveLength(1);
    await recordWithheld(table, { cause: one, to: reader.email, at: NOW, withheld: 'hourly-cap' });
    expect(await wasMailed(table, one, reader.email)).toBe(true);
  });

  it('sends once what falls due on several days', async () => {
    const [reader, one] = [freshReader(), fresh()];
    for (const day of ['02', '03', '04']) {
      await open().sendOnce(letterTo(reader), one, `2026-03-${day}T08:00:00.000Z`);
    }
    expect(outbox.all()).toHaveLength(1);
  });

  it('sends nothing without a sender, and says so', async () => {
    const post = open({ sender: undefined });
    await post.send([letterTo(freshReader())], 'cause-x', NOW);
    expect(outbox.all()).toEqual([]);
    expect(logged).toEqual([['mail is off: no sender is configured', { cause: 'cause-x' }]]);
    expect(commands).toEqual([]);
  });
});
