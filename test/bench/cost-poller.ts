/**
 * The same promises kept by a poller: a function that every minute asks the queue index of each tier what is due, in place of a
 * clock for each ticket. The model: it asks what our sweep asks, so its reads are the sweep's, measured; a ticket costs what ours
 * does less what its clock does. It is up to a minute late, and later where a minute's work takes longer than a minute.
 */
import type { Desk } from '../../lib/local/desk.ts';
import type { Measured } from './bench.ts';
import { capacityOf, GIGABYTES, SECONDS, type Counted } from './cost.ts';
import type { EngineTap } from './engine-tap.ts';
import { added, priceOf, type Usage } from './prices.ts';

const MINUTES_A_MONTH = 30 * 24 * 60;
/** Our sweep finds tickets whose clock was lost; it runs every five minutes. */
const SWEEPS_A_MONTH = MINUTES_A_MONTH / 5;
const TICKETS_A_MONTH = [10, 1000, 100_000];

const times = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(Object.entries(usage).map(([name, amount]) => [name, amount * factor]));

/** What one look through the queues costs. */
export const fixedOf = async (desk: Desk, tap: EngineTap): Promise<Usage> => {
  await desk.activity.settled();
  tap.take();
  const now = new Date(desk.clock.now()).toISOString();
  const { failure } = await desk.invoke('lambdas/handlers/sweep.lambda.ts', { schema: 1, now });
  if (failure) throw new Error(failure.errorMessage);
  const asked = tap.take().filter(({ operation }) => operation === 'Query');
  return { ...capacityOf(asked), invocation: 1, scheduledInvocation: 1, gigabyteSecond: GIGABYTES * SECONDS };
};

/** A life's cost with our clocks beside its cost with the poller, each ticket with its share of what is fixed. */
export const beside = (name: string, { usage, clocks }: Counted, look: Usage): Measured[] => {
  const { mail: _mail, ...ours } = usage;
  const polled = added(ours, times(clocks, -1));
  const [swept, looked] = [SWEEPS_A_MONTH, MINUTES_A_MONTH].map((looks) => priceOf(times(look, looks))) as [
    number,
    number,
  ];
  return [
    ...TICKETS_A_MONTH.map((tickets) => ({
      case: `${name}, ${tickets.toLocaleString('en')} tickets a month: each with its share of what is fixed`,
      value: priceOf(ours) + swept / tickets,
      unit: '$',
      beside: priceOf(polled) + looked / tickets,
      against: 'a poller, up to a minute late',
    })),
    {
      case: `${name}: up to so many tickets a month clocks cost less than a poller`,
      value: Math.floor((looked - swept) / priceOf(clocks)),
      unit: 'tickets',
    },
  ];
};
