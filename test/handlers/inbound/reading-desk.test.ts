/**
 * Some of the same mails on a running desk: each comes in as SES would hand it over, and what the desk then shows of it, on a new ticket or
 * as an answer, is what the table says. None is lost, and none that a machine wrote does anything.
 */
import { readFileSync } from 'node:fs';
import pMap from 'p-map';
import { expect, it } from 'vitest';
import { readMessage } from '../../../lambdas/handlers/inbound/message.ts';
import { customerOn, deskOfThisFile, openTicket } from '../../support/desk.ts';
import { GOOD } from '../../support/mail.ts';

const desk = deskOfThisFile();

const FOLDER = new URL('../../fixtures/mail/', import.meta.url);
const table = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Record<
  string,
  { text?: string; opening?: string; automatic?: string | null }
>;
/** Of each kind some: the reader is held against all of them elsewhere, and what is stored of what it read is the same for each. */
const rows = Object.entries(table).filter((_row, place) => place % 3 === 0);

/** The ticket that the fixtures answer. */
const NAMED = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2K';

interface Told {
  readonly outcome: string;
  readonly ticketId?: string;
}

const deliver = async (bytes: Buffer): Promise<Told> => {
  const answer = await desk.manager.post('/local/mail/inbound', {
    raw: bytes.toString('base64'),
    encoding: 'base64',
    envelope: { from: 'ann@example.com', recipients: ['support@desk.example.com'] },
    verdicts: GOOD,
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as Told;
};

/** What the desk shows of a mail that it took. */
const shown = async ({ outcome, ticketId = '' }: Told): Promise<string> => {
  if (outcome === 'opened') return (await desk.manager.get(`/v1/tickets/${ticketId}`)).body.description;
  const { body } = await desk.manager.get(`/v1/tickets/${ticketId}/messages`);
  return outcome === 'replied' ? body.items.at(-1).body : outcome;
};

it('shows of every mail what its writer wrote', { timeout: 240_000 }, async () => {
  const customer = await customerOn(desk, 'luxsci-flat-administrators');
  const seen: Record<string, string> = {};
  const expected: Record<string, string> = {};
  const play = async ([name, { text, opening = text, automatic }]: (typeof rows)[number]): Promise<void> => {
    const raw = readFileSync(new URL(`${name}.eml`, FOLDER), 'latin1');
    const authors = (await readMessage(Buffer.from(raw, 'latin1')))?.authors;
    const acts = authors?.join() === 'ann@example.com';
    const ignored = name.startsWith('reports/') || (automatic ?? null) !== null;
    if (!ignored && (!acts || text === undefined)) return;
    // Each answers a ticket of its own, so that its words are the last on it.
    const ticketId = raw.includes(NAMED) ? await openTicket(customer) : NAMED;
    const told = await deliver(Buffer.from(raw.replaceAll(NAMED, ticketId), 'latin1'));
    seen[name] = await shown(told);
    const words = told.outcome === 'opened' ? opening : text;
    expected[name] = ignored ? 'ignored' : words!.replaceAll(NAMED, ticketId);
  };
  await pMap(rows, play, { concurrency: 8 });
  expect(Object.keys(seen).length).toBeGreaterThan(60);
  expect(seen).toEqual(expected);
});
