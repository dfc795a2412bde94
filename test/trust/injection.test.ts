/** What people write stays text: in mail headers, on the pages, in the charts. The same story is told harmlessly and not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, deskOfThisFile, type Customer } from '../support/desk.ts';

const desk = deskOfThisFile();

interface Words {
  /** Stands wherever one line of text does. */
  readonly line: string;
  readonly prose: string;
}

const HARMLESS: Words = { line: 'Example words', prose: 'Example words.' };
const HOSTILE: readonly (readonly [string, Words])[] = [
  [
    'markup',
    { line: `"><script>alert(1)</script><img src=x onerror='alert(2)'>`, prose: '</pre></title><script>x</script>' },
  ],
  ['charts', { line: '</text><svg onload=alert(1)><![CDATA[', prose: ']]><svg/onload=alert(1)> &lt; &amp;#60;' }],
  ['addresses', { line: 'Ann" <eve@example.net>, "Bcc: eve@example.net', prose: 'To: eve@example.net' }],
  [
    'folded headers',
    { line: 'x%0d%0aBcc: eve@example.net', prose: 'x\r\nBcc: eve@example.net\r\n\r\nbody\r\n.\r\nMAIL FROM:<>' },
  ],
  ['directions', { line: 'a\u202e\u2066b\u200f', prose: '\u202egnp.exe' }],
  ['formats', { line: '${7*7} {{7*7}} %s %n <%= 7 %>', prose: '{% $states.input %} ${jndi:ldap://example.net}' }],
];

let stories = 0;

/** A ticket's whole life in these words; answers what of them was shown to somebody. */
const tell = async ({ line, prose }: Words) => {
  const email = `contact${String((stories += 1))}@example.com`;
  const contacts = [{ email, name: line, role: 'administrator' }];
  const tam = { name: line, email: 'tam@example.com' };
  const customer: Customer = await customerOn(desk, 'axigen-premium', { contacts, name: line, tam });
  const contact = await desk.as({ role: 'customer', account: customer.accountId, email });
  const opening = { accountId: customer.accountId, subject: line, description: prose };
  const opened = await contact.post('/v1/tickets', opening);
  expect(opened.status).toBe(201);
  const path = `/v1/tickets/${String(opened.body.ticketId)}`;
  const steps = [
    await desk.engineer.post(`${path}/assign`, { engineer: line }),
    await desk.engineer.post(`${path}/messages`, { body: prose }),
    await desk.engineer.post(`${path}/pause`, { reason: prose }),
    await contact.post(`${path}/messages`, { body: prose }),
    await desk.engineer.post(`${path}/plan`, { summary: prose, expectedBy: '2030-01-01T00:00:00Z' }),
    await desk.engineer.post(`${path}/resolve`, { summary: prose }),
    await contact.post(`${path}/close`, {}),
    await contact.post(`${path}/rating`, { score: 1, comment: prose }),
  ];
  expect(steps.map(({ status }) => status)).toEqual([200, 201, 200, 201, 200, 200, 200, 200]);
  await desk.settled();
  const month = new Date(desk.desk.clock.now()).toISOString().slice(0, 7);
  const page = await contact.get(`/v1/accounts/${customer.accountId}/reports/${month}/page`);
  expect(page.status).toBe(200);
  return { page, mails: desk.desk.mails().filter(({ to }) => to.includes(email)), email };
};

type Told = Awaited<ReturnType<typeof tell>>;

let harmless: Told;
beforeAll(async () => {
  harmless = await tell(HARMLESS);
});

/** Every tag with its attributes' names: what a browser would see as markup. */
const tagsOf = (html: string): string[] =>
  [
    ...new Set(
      [...html.matchAll(/<([a-z!/][^\s>]*)([^>]*)>/gi)].map(([, tag = '', rest = '']) => {
        const attributes = [...rest.replaceAll(/"[^"]*"/g, '""').matchAll(/([^\s=/]+)(?:=|\s|$)/g)].map(
          ([, name]) => name,
        );
        return [tag, ...attributes].join(' ');
      }),
    ),
  ].toSorted();
const headersOf = ({ mails }: Told) => mails.map(({ headers }) => Object.keys(headers).toSorted());

describe('words that look like', () => {
  it.each(HOSTILE)('%s are told as they stand', async (_what, words) => {
    const hostile = await tell(words);
    expect(tagsOf(String(hostile.page.body))).toEqual(tagsOf(String(harmless.page.body)));
    expect(hostile.page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(hostile.mails.length).toBeGreaterThan(3);
    expect(headersOf(hostile)).toEqual(headersOf(harmless));
    for (const { to, from, headers, subject } of hostile.mails) {
      expect(to).toBe(hostile.email);
      expect(from).toBe('support@desk.example.com');
      expect(headers.to).not.toContain('eve@');
      expect(subject).not.toMatch(/[\r\n]/);
    }
    const local = await (await fetch(`${desk.url}/local`)).text();
    expect(tagsOf(local).filter((tag) => /script|img|svg|on[a-z]+$/.test(tag))).toEqual([]);
  });

  it('are shown in the mail’s subject and text, not swallowed', async () => {
    const words = HOSTILE[0]![1];
    const { mails } = await tell(words);
    expect(mails.some(({ subject }) => subject.includes(words.line))).toBe(true);
    expect(mails.some(({ text }) => text.includes(words.prose))).toBe(true);
  });
});

const BREAKS = ['\r', '\n', '\r\n', '\u0000', '\u001b[31m', '\u0085', '\u2028', '\u2029', '\t', '\u007f'];

describe('a line that is more than one', () => {
  const contact = { email: 'ann@example.com', name: 'Ann', role: 'administrator' };
  const newAccount = {
    ...{ name: 'Example Ltd', planId: 'scalix-basic', timeZone: 'Europe/Berlin', region: 'DE' },
    contacts: [contact],
  };
  const fields: readonly (readonly [string, (text: string) => Promise<{ status: number }>])[] = [
    ['an account’s name', (name) => desk.manager.post('/v1/accounts', { ...newAccount, name })],
    [
      'a contact’s name',
      (name) => desk.manager.post('/v1/accounts', { ...newAccount, contacts: [{ ...contact, name }] }),
    ],
    [
      'an address',
      (text) =>
        desk.manager.post('/v1/accounts', { ...newAccount, contacts: [{ ...contact, email: `a@example.com${text}` }] }),
    ],
    [
      'the name of a TAM',
      (name) => desk.manager.post('/v1/accounts', { ...newAccount, tam: { name, email: 'tam@example.com' } }),
    ],
    ['a plan', (planId) => desk.manager.post('/v1/accounts', { ...newAccount, planId })],
    ['a region', (region) => desk.manager.post('/v1/accounts', { ...newAccount, region })],
    ['a zone', (text) => desk.manager.post('/v1/accounts', { ...newAccount, timeZone: `Europe/Berlin${text}` })],
  ];
  let customer: Customer;
  beforeAll(async () => {
    customer = await customerOn(desk, 'scalix-basic', { units: 50 });
  });
  const opening = (more: object) => {
    const ticket = { accountId: customer.accountId, subject: 'Stuck', description: 'Nothing leaves.', ...more };
    return customer.administrator.post('/v1/tickets', ticket);
  };

  it.each(fields)('is refused as %s', async (_field, send) => {
    for (const line of BREAKS)
      expect([line, (await send(`Ann${line}Bcc: eve@example.net`)).status]).toEqual([line, 400]);
  });

  it.each(['subject', 'category', 'addOn'])('is refused as the %s of a ticket', async (field) => {
    for (const line of BREAKS) {
      const { status } = await opening({ [field]: `a${line}Bcc: eve@example.net` });
      expect([line, status]).toEqual([line, 400]);
    }
  });

  it('is no text either where it holds what no text holds', async () => {
    for (const mark of ['\u0000', '\u001b[2J', '\u0085', '\u007f', '\u0008']) {
      expect((await opening({ description: `a${mark}b` })).status).toBe(400);
    }
    expect((await opening({ description: 'a\r\nb\tc\u2028d' })).status).toBe(201);
  });
});
