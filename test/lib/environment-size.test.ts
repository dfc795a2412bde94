/** Lambda takes 4 kB of environment for a function and refuses to deploy one with more: names, values and what AWS fills in together. */
import { expect, it } from 'vitest';
import { readConfig } from '../../lib/config.ts';
import { someOf, templateFor, WITH_ISSUER } from './support.ts';

const MOST_BYTES = 4096;
/** No name of a resource and no secret that AWS fills in is longer; the ARN of the clock is, where no address is beside it. */
const FILLED_IN = 'x'.repeat(64);

/** Of an odd number of characters. */
const domain = (characters: number): string => `${'a.'.repeat((characters - 5) / 2)}a.com`;
/** So many characters of addresses, commas included. */
const addresses = (characters: number): string =>
  [
    ...Array<string>(Math.floor(characters / 50) - 1).fill(`${'a'.repeat(37)}@example.com`),
    'a'.repeat(38) + '@example.com',
  ].join(',');

const LARGEST = {
  ...WITH_ISSUER,
  stage: 'a'.repeat(20),
  sender: `${'a'.repeat(64)}@${domain(189)}`,
  mailDomain: domain(253),
  publicUrl: `https://${domain(253)}`,
  deskName: '🙂'.repeat(60),
  managers: addresses(2500),
  openingsPerHour: 1_000_000,
};
const claims = (length: number) =>
  Object.fromEntries(['Role', 'Account', 'Email', 'Tier'].map((name) => [`claim${name}`, 'a'.repeat(length)]));

const bytesOf = (value: unknown): number => Buffer.byteLength(typeof value === 'string' ? value : FILLED_IN);

it('whatever the settings are, each function has room for its variables', () => {
  expect(LARGEST.managers).toHaveLength(2500);
  for (const { id, properties } of someOf(templateFor({ ...LARGEST, ...claims(125) }), 'AWS::Lambda::Function')) {
    const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
    const bytes = Object.entries(Variables).reduce((sum, [name, value]) => sum + bytesOf(name) + bytesOf(value), 0);
    expect(bytes, id).toBeLessThanOrEqual(MOST_BYTES);
  }
});

it('names of claims that leave no room for the addresses are refused before anything is built', () => {
  expect(() => readConfig({ ...LARGEST, ...claims(126) }, {})).toThrow(/claimTier.*characters/);
  expect(() => readConfig({ ...LARGEST, ...claims(200), managers: addresses(1000) }, {})).not.toThrow();
});
