/** What is shipped is what the functions import: nothing else is a dependency, and nothing that they need is a tool of development. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../lib/local/project-root.ts';

/** Types are gone before anything is shipped. */
const IMPORT = /^(?:import|export) (?!type\b)[^;]*?from '([^'.][^']*)'/gm;

const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

const imported = (): string[] => {
  const folder = join(PROJECT_ROOT, 'lambdas');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const specifiers = sources.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(IMPORT)].map(([, specifier = '']) => specifier),
  );
  return [...new Set(specifiers.filter((one) => !one.startsWith('node:')).map(packageOf))].toSorted();
};

test('the dependencies are the packages that the functions import, in exact versions', () => {
  const { dependencies } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(imported()).toEqual(Object.keys(dependencies).toSorted());
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
