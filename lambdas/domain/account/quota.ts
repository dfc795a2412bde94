/**
 * Quotas: how much the people of one account may set in motion in an hour or a day, so that a script that runs wild can't fill the
 * desk. Only what changes something counts. The trap: a count must stand beside what the change writes anyway, on the same account
 * or ticket, or two changes that have nothing to do with each other would get in each other's way.
 */
import { fromMillis, toMillis, type Instant } from '../time/instant.ts';
import type { Role } from '../vocabulary.ts';

/** The most that an account's own people may do; staff are not counted. */
export interface QuotaLimits {
  readonly openingsPerHour: number;
  readonly openingsPerDay: number;
  /** Changes of one ticket, or of the account itself. */
  readonly changesPerHour: number;
}

/** What is counted: of whom, what, and in which stretch of UTC time. */
export interface Quota {
  readonly owner: { readonly accountId: string } | { readonly ticketId: string };
  readonly counts: 'openings' | 'changes';
  readonly per: 'hour' | 'day';
  readonly from: Instant;
  /** When the count begins anew. */
  readonly to: Instant;
  readonly amount: number;
  readonly most: number;
}

/** What one change does, as far as quotas go. */
export interface Work {
  readonly by: Role;
  readonly accountId?: string | undefined;
  /** The ticket that is changed; absent where the account itself is. */
  readonly ticketId?: string | undefined;
  /** Tickets opened. */
  readonly openings: number;
}

const PER_MILLIS = { hour: 3_600_000, day: 86_400_000 } as const;

const stretch = (now: Instant, per: Quota['per']): Pick<Quota, 'per' | 'from' | 'to'> => {
  const from = Math.floor(toMillis(now) / PER_MILLIS[per]) * PER_MILLIS[per];
  return { per, from: fromMillis(from), to: fromMillis(from + PER_MILLIS[per]) };
};

/** The quotas that a change draws on; none where staff, or nobody's account, is at work. */
export const quotasOf = (
  { by, accountId, ticketId, openings }: Work,
  limits: QuotaLimits,
  now: Instant,
): readonly Quota[] => {
  if (by !== 'customer' || accountId === undefined) return [];
  if (openings > 0) {
    const opened = { owner: { accountId }, counts: 'openings', amount: openings } as const;
    return [
      { ...opened, ...stretch(now, 'hour'), most: limits.openingsPerHour },
      { ...opened, ...stretch(now, 'day'), most: limits.openingsPerDay },
    ];
  }
  const owner = ticketId === undefined ? { accountId } : { ticketId };
  return [{ owner, counts: 'changes', amount: 1, ...stretch(now, 'hour'), most: limits.changesPerHour }];
};

/** What whoever is over a quota is told. */
export const tellQuota = ({ counts, per, most, owner, to }: Quota): string =>
  counts === 'openings'
    ? `This account has opened ${String(most)} tickets this ${per}, which is the most; the next can be opened at ${to}.`
    : `This ${'ticketId' in owner ? 'ticket' : 'account'} was changed ${String(most)} times this ${per}, which is the most; go on at ${to}.`;
