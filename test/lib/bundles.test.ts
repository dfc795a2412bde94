/** What a cold start has to read: each function's code as it is deployed, without its source map. */
import { expect, it } from 'vitest';
import { deployedFunctions } from '../support/deployed.ts';

/** In kB of 1000 bytes. */
const LIMIT = 450;
/** What keeps these above it: nodemailer with its table of file types, the S3 client, and the readers of mail. */
const ABOVE: Readonly<Record<string, number>> = {
  api: 680,
  files: 560,
  inbound: 1110,
  quarantine: 1125,
  erasure: 750,
  notify: 680,
  remind: 625,
  renew: 680,
  report: 735,
};

it('no function is deployed with more code than its cold start can afford', async () => {
  const functions = await deployedFunctions();
  const tooLarge = functions.flatMap(({ name, code }) =>
    code.length / 1000 > (ABOVE[name] ?? LIMIT) ? [`${name}: ${String(Math.round(code.length / 1000))} kB`] : [],
  );
  expect(tooLarge).toEqual([]);
  expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(ABOVE)));
});
