/**
 * The people of a desk under load: a few clients at once, each of whom does one thing after the other until the desk is gone, and whoever
 * moves its clock. They must not know when it will be killed. The trap: a request without an answer may have had its effect, so it is
 * asked again under the same key, by the same person, and never forgotten.
 */
import { createTransport } from 'nodemailer';
import { Books } from './books.ts';
import type { Asked, Kind } from './books.ts';
import { chanceFrom, type Chance } from './random.ts';
import type { Ready } from './desk-process.ts';

interface KnownAccount {
  readonly accountId: string;
  readonly email: string;
  readonly planId: string;
  readonly token: string;
}
interface KnownTicket {
  readonly ticketId: string;
  readonly account: KnownAccount;
}
type Json = Record<string, any>;

/** Plans of two programmes, what is sold of them, and what a customer may say of a ticket's urgency. */
const PLANS = [
  { planId: 'luxsci-token-dedicated', amount: 40, choices: ['emergency', 'urgent', 'standard'] },
  { planId: 'scalix-basic', amount: 180, choices: [undefined] },
] as const;
const GOOD = { spf: 'PASS', dkim: 'PASS', dmarc: 'PASS', spam: 'PASS', virus: 'PASS' };
const MAIL_DOMAIN = 'desk.example.com';
const CLIENTS = 4;
/** Each action and how often it is chosen. */
const ACTIONS = { open: 3, message: 6, mail: 2, reply: 3, act: 6, purchase: 1, account: 1 } as const;
const CHOICES = Object.entries(ACTIONS).flatMap(([name, weight]) => Array<string>(weight).fill(name));
/** People look at the tickets that were opened last. */
const TICKETS_IN_VIEW = 30;
const MOST_ACCOUNTS = 12;

export class Clients {
  readonly books = new Books();
  readonly #accounts: KnownAccount[] = [];
  readonly #tickets: KnownTicket[] = [];
  #staff: { manager: string; engineer: string } | undefined;
  #desk: Ready | undefined;
  #watched: { left: number; reached: () => void } | undefined;

  /** Talks to a desk that is there, from now on. The tokens that an earlier desk gave are good at this one. */
  async meet(desk: Ready): Promise<void> {
    this.#desk = desk;
    this.#staff ??= {
      manager: await this.#token({ role: 'manager', email: 'max@example.com' }),
      engineer: await this.#token({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' }),
    };
  }

  /** Asks again whatever was not answered. */
  async repeat(): Promise<number> {
    const again = this.books.inDoubt();
    for (const asked of again) await this.#send(asked);
    return again.length;
  }

  /** Works until the desk is gone. */
  async work(seed: number, stop: AbortSignal): Promise<void> {
    const one = async (client: number): Promise<void> => {
      const chance = chanceFrom(seed * 31 + client);
      while (!stop.aborted) await this.#act(chance);
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => one(client)));
  }

  /** Resolves when so many more requests have been answered. */
  answered(count: number): Promise<void> {
    return new Promise((reached) => (this.#watched = { left: count, reached }));
  }

  /** Moves the clock; false where no answer came. */
  async advance(duration: string): Promise<boolean> {
    return (await this.#post('/local/clock', { advance: duration })) !== undefined;
  }

  async now(): Promise<number> {
    return Date.parse(String((await this.get('/local/clock')).now));
  }

  async get(path: string): Promise<Json> {
    const headers = { authorization: `Bearer ${this.#staff?.manager ?? ''}` };
    return (await (await fetch(`${this.#desk!.url}${path}`, { headers })).json()) as Json;
  }

  async #token(claims: object): Promise<string> {
    return String((await this.#post('/local/token', claims))?.body.token ?? '');
  }

  async #post(
    path: string,
    body: unknown,
    token?: string,
    key?: string,
  ): Promise<{ status: number; body: Json } | undefined> {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    try {
      const response = await fetch(`${this.#desk!.url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Json };
    } catch {
      // The desk is gone: nobody knows how far it came.
      return undefined;
    }
  }

  async #act(chance: Chance): Promise<void> {
    if (this.#accounts.length === 0) return this.#newAccount(chance);
    const action = chance.oneOf(CHOICES);
    const account = chance.oneOf(this.#accounts);
    const view = this.#tickets.slice(-TICKETS_IN_VIEW);
    const ticket = view.length > 0 ? chance.oneOf(view) : undefined;
    if (action === 'account' && this.#accounts.length < MOST_ACCOUNTS) return this.#newAccount(chance);
    if (action === 'purchase') return this.#purchase(account);
    if (action === 'mail') return this.#mail(chance, account);
    if (ticket && action === 'message') return this.#message(chance, ticket);
    if (ticket && action === 'reply') return this.#reply(ticket);
    if (ticket && action === 'act') return this.#lifecycle(chance, ticket);
    return this.#open(chance, account);
  }

  async #ask(asked: Omit<Asked, 'state' | 'sent'>): Promise<Json | undefined> {
    const whole: Asked = { ...asked, state: 'in-doubt', sent: 0 };
    this.books.asked.push(whole);
    return this.#send(whole);
  }

  /** The answer, where the desk gave one and did what it was asked. */
  async #send(asked: Asked): Promise<Json | undefined> {
    asked.sent += 1;
    if (asked.bySmtp) {
      if (await this.#sendBySmtp(asked.bySmtp)) asked.state = 'done';
      return undefined;
    }
    const isMail = asked.path === '/local/mail/inbound';
    const answer = await this.#post(asked.path, asked.body, asked.token, isMail ? undefined : asked.marker);
    if (answer === undefined || answer.status >= 500 || answer.status === 429) {
      if (answer && !this.books.forgives)
        this.books.complaints.push(
          `${asked.marker} was answered with ${String(answer.status)}: ${JSON.stringify(answer.body)}`,
        );
      return undefined;
    }
    if (this.#watched && (this.#watched.left -= 1) <= 0) this.#watched.reached();
    const done = isMail ? ['opened', 'replied'].includes(answer.body.outcome) : answer.status < 300;
    asked.state = done ? 'done' : 'refused';
    if (done) this.#learn(asked, answer.body);
    return done ? answer.body : undefined;
  }

  /** What a client reads from an answer, however often it had to ask for it. */
  #learn(asked: Asked, body: Json): void {
    if (asked.kind === 'ticket') {
      const { ticketId, targets } = body as { ticketId: string; targets: { kind: string; deadline: string }[] };
      this.books.promised.push(...targets.map(({ kind, deadline }) => ({ ticketId, kind, deadline })));
    }
    if (asked.kind === 'ticket' || asked.kind === 'mailed-ticket') {
      const account = this.#accounts.find(({ accountId }) => accountId === asked.accountId);
      if (account) this.#tickets.push({ ticketId: String(body.ticketId), account });
    }
  }

  async #sendBySmtp({ from, raw }: NonNullable<Asked['bySmtp']>): Promise<boolean> {
    const [host = '', port = ''] = this.#desk!.smtp.split(':');
    const transport = createTransport({ host, port: Number(port), secure: false, ignoreTLS: true });
    try {
      await transport.sendMail({ envelope: { from, to: `support@${MAIL_DOMAIN}` }, raw });
      return true;
    } catch {
      return false;
    } finally {
      transport.close();
    }
  }

  async #newAccount(chance: Chance): Promise<void> {
    const marker = this.books.marker();
    const { planId, amount } = chance.oneOf(PLANS);
    const email = `${marker}@example.com`;
    const body = {
      ...{ name: marker, planId, timeZone: 'Europe/Berlin', region: 'DE-BE' },
      contacts: [{ email, name: 'Ann', role: 'administrator' }],
    };
    const made = await this.#ask({ marker, kind: 'account', path: '/v1/accounts', token: this.#staff!.manager, body });
    if (made === undefined) return;
    const accountId = String(made.accountId);
    const token = await this.#token({ role: 'customer', account: accountId, email });
    if (token === '') return;
    const account = { accountId, email, planId, token };
    this.#accounts.push(account);
    await this.#purchase(account, amount);
  }

  async #purchase({ accountId, planId }: KnownAccount, amount = planId === 'scalix-basic' ? 110 : 20): Promise<void> {
    const path = `/v1/accounts/${accountId}/purchases`;
    const token = this.#staff!.manager;
    await this.#ask({ marker: this.books.marker(), kind: 'purchase', accountId, path, token, body: { amount } });
  }

  async #open(chance: Chance, { accountId, planId, token }: KnownAccount): Promise<void> {
    const marker = this.books.marker();
    const priority = chance.oneOf<string | undefined>(PLANS.find((plan) => plan.planId === planId)!.choices);
    const body = {
      accountId,
      subject: marker,
      description: 'Nothing leaves the queue.',
      ...(priority && { priority }),
    };
    await this.#ask({ marker, kind: 'ticket', accountId, path: '/v1/tickets', token, body });
  }

  async #message(chance: Chance, { ticketId, account }: KnownTicket): Promise<void> {
    const marker = this.books.marker();
    const path = `/v1/tickets/${ticketId}/messages`;
    const writer = chance.oneOf([
      { token: account.token, visibility: 'public' },
      { token: this.#staff!.engineer, visibility: 'public' },
      { token: this.#staff!.engineer, visibility: 'internal' },
    ]);
    const body = { body: marker, visibility: writer.visibility };
    await this.#ask({ marker, kind: 'message', accountId: account.accountId, path, token: writer.token, body });
  }

  async #lifecycle(chance: Chance, { ticketId, account }: KnownTicket): Promise<void> {
    const marker = this.books.marker();
    const { engineer } = this.#staff!;
    const [call, token, body] = chance.oneOf([
      ['resolve', engineer, { summary: marker }],
      ['resolve', engineer, { summary: marker }],
      ['escalate', engineer, { reason: marker }],
      ['pause', engineer, { reason: marker }],
      ['rating', account.token, { score: 4, comment: marker }],
      ['close', account.token, {}],
    ] as const);
    const kind: Kind = call === 'close' ? 'closing' : 'event';
    const path = `/v1/tickets/${ticketId}/${call}`;
    await this.#ask({ marker, kind, accountId: account.accountId, ticketId, path, token, body });
  }

  #mailFrom(email: string, subject: string, text: string, marker: string, headers: readonly string[] = []): string {
    const own = [`From: Ann <${email}>`, `To: support@${MAIL_DOMAIN}`, `Subject: ${subject}`, ...headers];
    return [...own, `Message-ID: <${marker}@mail.example.com>`, 'Content-Type: text/plain', '', text].join('\r\n');
  }

  async #mail(chance: Chance, { accountId, email }: KnownAccount): Promise<void> {
    const marker = this.books.marker();
    const raw = this.#mailFrom(email, marker, 'Nothing leaves the queue.', marker);
    const smtp = chance.between(1, 2) === 1 ? { bySmtp: { from: email, raw } } : {};
    await this.#askByMail({ marker, kind: 'mailed-ticket', accountId, ...smtp }, email, raw);
  }

  async #reply({ ticketId, account: { accountId, email } }: KnownTicket): Promise<void> {
    const marker = this.books.marker();
    const thread = `References: <${ticketId}@${MAIL_DOMAIN}>`;
    const raw = this.#mailFrom(email, 'Re: your ticket', marker, marker, [thread]);
    await this.#askByMail({ marker, kind: 'mailed-message', accountId }, email, raw);
  }

  async #askByMail(asked: Omit<Asked, 'state' | 'sent' | 'path' | 'body'>, email: string, raw: string): Promise<void> {
    const body = { raw, envelope: { from: email, recipients: [`support@${MAIL_DOMAIN}`] }, verdicts: GOOD };
    await this.#ask({ ...asked, path: '/local/mail/inbound', body });
  }
}
