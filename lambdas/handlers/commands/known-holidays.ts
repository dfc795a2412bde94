/** The holidays that the desk has data for, as the rules ask for them. */
import type { HolidaysOf } from '../../domain/opening/opening.ts';
import { holidaysOf, holidayYears } from '../../plans/holidays/holidays.ts';

/** A ticket opened in the last years of the holiday data carries what is known. */
export const holidaysUpTo: HolidaysOf = (region, from, to) => holidaysOf(region, from, Math.min(to, holidayYears.last));
