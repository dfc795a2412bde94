/** What an event of a ticket says in figures: promises kept and missed, how promptly a miss was written down, units that came back. */
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import { toMillis } from '../../domain/time/instant.ts';
import type { Measure } from '../metrics.ts';

export const measuresOf = (event: TicketEvent): Measure[] => {
  switch (event.type) {
    case 'answered':
    case 'planned':
    case 'resolved':
      return (event.met ?? []).map((target) => ({ name: 'DeadlinesMet', value: 1, dimensions: { target } }));
    case 'missed': {
      const delay = (toMillis(event.recordedAt) - toMillis(event.at)) / 1000;
      return [
        { name: 'DeadlinesMissed', value: 1, dimensions: { target: event.target } },
        { name: 'SettlementDelay', value: delay },
      ];
    }
    case 'credited': {
      const { unit, cause, amount } = event;
      return [{ name: 'UnitsCredited', value: amount, dimensions: { unit, cause } }];
    }
    default:
      return [];
  }
};
