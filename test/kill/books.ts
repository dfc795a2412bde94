/**
 * What the desk's clients know: each request that they sent, under a marker that stands in what it writes, and what they were told. A
 * request whose answer was lost is in doubt until it was repeated under its own key and answered.
 */
export type Kind =
  'account' | 'purchase' | 'ticket' | 'mailed-ticket' | 'message' | 'mailed-message' | 'event' | 'closing';

export interface Asked {
  /** Unique; it is the idempotency key, and stands in the record that the request writes. */
  readonly marker: string;
  readonly kind: Kind;
  /** The account that it is about; none where it makes one. */
  readonly accountId?: string;
  readonly ticketId?: string;
  readonly path: string;
  readonly token?: string;
  readonly body: unknown;
  /** Sent by SMTP: it is accepted before anybody knows what comes of it. */
  readonly bySmtp?: { readonly from: string; readonly raw: string };
  state: 'in-doubt' | 'done' | 'refused';
  /** How often it was sent. */
  sent: number;
  /** What was answered; another answer to the same key is an error. */
  answer?: string;
}

/** A promise that the customer was told of when a ticket was opened. */
export interface Promised {
  readonly ticketId: string;
  readonly kind: string;
  readonly deadline: string;
}

export class Books {
  readonly asked: Asked[] = [];
  readonly promised: Promised[] = [];
  /** For each letter, how many kills fell between its sending and its record. */
  readonly excused = new Map<string, number>();
  /** What a client found wrong while it talked to the desk. */
  readonly complaints: string[] = [];
  /** While the database is killed, nobody complains. */
  forgives = false;
  #count = 0;

  marker(): string {
    this.#count += 1;
    return `m-${String(this.#count).padStart(6, '0')}`;
  }

  inDoubt(): Asked[] {
    return this.asked.filter(({ state }) => state === 'in-doubt');
  }

  count(state: Asked['state']): number {
    return this.asked.filter((one) => one.state === state).length;
  }
}
