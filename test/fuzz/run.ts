/**
 * Fuzzes the API against its own OpenAPI document, with Schemathesis: a desk on a free port, a customer's, an engineer's and a manager's
 * token, a fixed seed. `SCHEMATHESIS` names the program. It ends with an error where any check fails; the report says how to repeat it.
 * The document has no links: the fuzzer infers from the answers' schemas which call goes on with what another has made.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { operations } from '../../lambdas/handlers/api/operations.ts';
import type { Operation } from '../../lambdas/handlers/api/operation.ts';
import { startDesk, type Desk } from '../../lib/local/desk.ts';

const HERE = import.meta.dirname;
const SEED = '20260302';
/** Enough of each operation to meet every bound of its schema, in about a minute for all. */
const EXAMPLES = '12';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface World {
  readonly accountId: string;
  readonly ticketId: string;
  readonly tokens: Readonly<Record<'customer' | 'engineer' | 'manager', string>>;
}

const world = async (desk: Desk): Promise<World> => {
  const post = async (token: string, path: string, body: unknown): Promise<Record<string, string>> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${desk.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return JSON.parse(text) as Record<string, string>;
  };
  const email = 'ann@example.com';
  const manager = await desk.token({ role: 'manager', email: 'max@example.com' });
  const engineer = await desk.token({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  const { accountId = '' } = await post(manager, '/v1/accounts', {
    ...{ name: 'Example Ltd', planId: 'luxsci-token-dedicated', timeZone: 'America/New_York', region: 'US' },
    contacts: [{ email, name: 'Ann', role: 'administrator' }],
  });
  await post(manager, `/v1/accounts/${accountId}/purchases`, { amount: 100_000 });
  const customer = await desk.token({ role: 'customer', account: accountId, email });
  const opening = { accountId, subject: 'Mail is stuck', description: 'Nothing leaves.' };
  const { ticketId = '' } = await post(customer, '/v1/tickets', opening);
  return { accountId, ticketId, tokens: { customer, engineer, manager } };
};

/** Each operation is called by somebody whom it is for: what it says to others is tested elsewhere, call by call. */
const callerOf = ({ roles }: Operation): keyof World['tokens'] =>
  roles.includes('customer') ? 'customer' : roles.includes('engineer') ? 'engineer' : 'manager';

/** One round: the exit code of the fuzzer, 0 where nothing was found. */
const fuzz = (url: string, token: string, ids: Record<string, string>, more: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const program = process.env.SCHEMATHESIS ?? 'schemathesis';
    const args = [
      ...['--config-file', join(HERE, 'schemathesis.toml'), 'run', `${url}/v1/openapi.json`],
      ...[
        '--checks',
        'all',
        '--phases',
        'examples,coverage,fuzzing,stateful',
        '--max-examples',
        EXAMPLES,
        '--seed',
        SEED,
        '--request-timeout',
        '60',
      ],
      ...['--header', `Authorization: Bearer ${token}`, ...more],
    ];
    // The hooks are found beside the configuration.
    const env = { ...process.env, ...ids, PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(program, args, { cwd: HERE, stdio: 'inherit', env });
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });

const desk = await startDesk({ port: 0, startAt: Date.parse('2026-03-02T15:00:00Z'), log: say });
try {
  const { tokens, accountId, ticketId } = await world(desk);
  const ids = { ACCOUNT_ID: accountId, TICKET_ID: ticketId };
  const found: string[] = [];
  for (const role of ['customer', 'engineer', 'manager'] as const) {
    const theirs = operations.filter((operation) => callerOf(operation) === role);
    const only = theirs.flatMap(({ operationId }) => ['--include-operation-id', operationId]);
    say(`As ${role}, ${String(theirs.length)} operations:`);
    if ((await fuzz(desk.url, tokens[role], ids, [...only, ...process.argv.slice(2)])) !== 0) found.push(role);
  }
  say(
    found.length === 0
      ? 'The desk answers as its contract says.'
      : `The fuzzer found something as ${found.join(', ')}.`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  await desk.stop();
}
