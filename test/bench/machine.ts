/** Where the numbers come from: the machine, the runtime, and the versions of what they are compared with. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

/** What rows are compared with, by the name that they give. */
const PEERS = ['dayjs-business-time', 'dayjs', 'moment-business-time', 'moment', 'luxon', '@dynoxide/linux-x64'];

const require = createRequire(import.meta.url);

/** Read from the package's own description, which its exports may hide. */
const versionOf = (name: string): string => {
  const folder = (require.resolve.paths(name) ?? []).find((one) => existsSync(join(one, name, 'package.json')));
  if (folder === undefined) return 'not installed';
  return (JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string }).version;
};

const machine = (): string =>
  `${String(availableParallelism())} cores of ${cpus()[0]?.model ?? 'an unknown CPU'}, Node ${process.versions.node}`;

const versions = (): string => PEERS.map((name) => `${name} ${versionOf(name)}`).join(', ');

/** What has to be the same for two rows to be of one kind. */
export const origin = (): string => `${machine()}. Beside: ${versions()}.`;
