/**
 * How rule tests tell a ticket's story on a running desk: the people who act in it, and what can be read of it afterwards. All of
 * it goes over HTTP, the desk's clock and its mail.
 */
import { expect } from 'vitest';
import {
  customerOn,
  openTicket,
  startTestDesk,
  type Answer,
  type Customer,
  type Person,
  type TestDesk,
} from './desk.ts';

export interface TargetView {
  readonly kind: string;
  readonly tier: string;
  readonly state: string;
  readonly deadline: string | null;
}

export interface Story {
  readonly desk: TestDesk;
  readonly engineer: Person;
  readonly manager: Person;
  readonly stop: () => Promise<void>;
  /** An account with units on it; both published plans sell what is asked for here. */
  readonly scalix: (units?: number) => Promise<Customer>;
  readonly luxsci: (units?: number) => Promise<Customer>;
  /** Opens a ticket. */
  readonly open: (customer: Customer, request?: Record<string, unknown>) => Promise<string>;
  /** A step of the lifecycle, `who` being the engineer where nobody else is named. */
  readonly step: (id: string, name: string, body?: unknown, who?: Person) => Promise<Answer>;
  /** An engineer's public message, unless told otherwise. */
  readonly say: (id: string, body?: object, who?: Person) => Promise<Answer>;
  readonly ticket: (id: string) => Promise<Answer['body']>;
  readonly timeline: (id: string) => Promise<{ type: string; at: string; actor: { role: string; email?: string } }[]>;
  readonly types: (id: string) => Promise<string[]>;
  /** The last target of a kind. */
  readonly target: (id: string, kind: string) => Promise<TargetView>;
  readonly deadline: (id: string, kind: string) => Promise<string>;
  readonly available: (customer: Customer) => Promise<number>;
  readonly entries: (
    customer: Customer,
    kind: string,
  ) => Promise<{ amount: number; ticketId?: string; reason: string }[]>;
  readonly mails: (id: string, to?: string) => { subject: string; text: string }[];
  /** To a moment that many seconds after another. */
  readonly moveTo: (at: string, seconds?: number) => Promise<void>;
  readonly now: () => string;
}

export const secondsAfter = (at: string, seconds: number): string =>
  new Date(Date.parse(at) + seconds * 1000).toISOString();

export const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** An emergency, as its opener has to ask for one. */
export const emergency = { priority: 'emergency' } as const;

export const startStory = async (startAt?: string): Promise<Story> => {
  const desk = await startTestDesk(startAt);
  const engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  const manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  const read = async (path: string) => (await manager.get(path)).body;
  const ticket = (id: string) => read(`/v1/tickets/${id}`);
  const timeline = async (id: string) => (await read(`/v1/tickets/${id}/timeline`)).items;
  const target = async (id: string, kind: string) => {
    const { targets } = (await ticket(id)) as { targets: TargetView[] };
    return targets.findLast((one) => one.kind === kind)!;
  };
  return {
    desk,
    engineer,
    manager,
    stop: () => desk.stop(),
    scalix: (units = 50) => customerOn(desk, 'scalix-basic', { units }),
    luxsci: (units = 20) => customerOn(desk, 'luxsci-token-dedicated', { units }),
    open: async (customer, request) => {
      const id = await openTicket(customer, request);
      await desk.settled();
      return id;
    },
    step: async (id, name, body = {}, who = engineer) => {
      const answer = await who.post(`/v1/tickets/${id}/${name}`, body);
      await desk.settled();
      return answer;
    },
    say: async (id, body = {}, who = engineer) => {
      const answer = await who.post(`/v1/tickets/${id}/messages`, { body: 'We look at it.', ...body });
      await desk.settled();
      return answer;
    },
    ticket,
    timeline,
    types: async (id) => (await timeline(id)).map(({ type }: { type: string }) => type),
    target,
    deadline: async (id, kind) => (await target(id, kind)).deadline!,
    available: async ({ accountId }) => (await read(`/v1/accounts/${accountId}/balance`)).available,
    entries: async ({ accountId }, kind) =>
      (await read(`/v1/accounts/${accountId}/ledger?limit=100`)).items.filter(
        (one: { kind: string }) => one.kind === kind,
      ),
    mails: (id, to = 'ann@example.com') =>
      desk.desk.mails().filter((mail) => mail.to === to && (mail.subject.includes(id) || mail.text.includes(id))),
    moveTo: (at, later = 0) => desk.moveTo(secondsAfter(at, later)),
    now: () => new Date(desk.desk.clock.now()).toISOString(),
  };
};

/** A problem of this family and nothing else. */
export const expectRefused = (answer: Answer, status: number, code: string): void => {
  expect({ status: answer.status, type: answer.body.type }).toEqual({
    status,
    type: expect.stringMatching(`${code}$`),
  });
};
