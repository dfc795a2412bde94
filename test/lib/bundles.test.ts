/** What a cold start has to read: each function's code as it is deployed, without its source map. */
import { expect, it } from 'vitest';
import { deployedFunctions } from '../support/deployed.ts';

/**
 * In kB of 1000 bytes, about 2 % above what each has: room for a change, and none for a library that came in unseen. Those above 400
 * carry the calendars and plans (api, renew, report, erasure), the S3 client, nodemailer with its table of file types, or the readers
 * of mail.
 */
const LIMITS: Readonly<Record<string, number>> = {
  contract: 265,
  settle: 378,
  sweep: 378,
  'mail-events': 389,
  dispatch: 394,
  files: 546,
  remind: 548,
  notify: 612,
  api: 695,
  renew: 686,
  report: 745,
  erasure: 757,
  inbound: 1109,
  quarantine: 1123,
};

it('no function is deployed with more code than its cold start can afford', async () => {
  const functions = await deployedFunctions();
  const tooLarge = functions.flatMap(({ name, code }) =>
    code.length / 1000 > (LIMITS[name] ?? 0) ? [`${name}: ${String(Math.round(code.length / 1000))} kB`] : [],
  );
  expect(tooLarge).toEqual([]);
  expect(functions.map(({ name }) => name).toSorted()).toEqual(Object.keys(LIMITS).toSorted());
});
