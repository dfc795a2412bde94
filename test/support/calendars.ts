/** Calendars that several tests count on. */
import type { Calendar, OpenInterval } from '../../lambdas/domain/time/calendar.ts';

/** Around the clock, every day of the year: business time on it is elapsed time. The zone matters to business days only. */
export const alwaysOpen = (zone = 'Etc/UTC'): Calendar => {
  const allDay = (): OpenInterval[] => [['00:00', '24:00']];
  return {
    zone,
    weekly: {
      mon: allDay(),
      tue: allDay(),
      wed: allDay(),
      thu: allDay(),
      fri: allDay(),
      sat: allDay(),
      sun: allDay(),
    },
    holidays: [],
  };
};
