/**
 * How events go to the bus: from whom, and how many at once. EventBridge takes ten in a request, and 256 kB, which ten tickets that were
 * opened with long descriptions would pass. One that is larger by itself is sent alone, so that EventBridge says what it thinks of it.
 */
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/** The source of every event that the desk puts on its bus. */
export const EVENT_SOURCE = 'makegood.desk';

const MOST_ENTRIES = 10;
/** Well below the limit, which counts a little beside the texts. */
const MOST_BYTES = 200_000;

/** As EventBridge counts: its texts in UTF-8, and 14 for the moment. */
const bytesOf = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  14 + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);

/** The entries in order, in as many requests as they take; each has at least one. */
export const inRequests = (entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] => {
  const requests: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const own = bytesOf(entry);
    const last = requests.at(-1);
    if (last && last.length < MOST_ENTRIES && bytes + own <= MOST_BYTES) {
      last.push(entry);
      bytes += own;
    } else {
      requests.push([entry]);
      bytes = own;
    }
  }
  return requests;
};
