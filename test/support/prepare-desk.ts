/** Once for the whole run: synthesizes the stack and bundles its functions, so that each test file starts its desk in moments. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { prepare, savePrepared } from '../../lib/local/prepare.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that holds the prepared desk. */
    preparedDesk: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'makegood-test-'));
  savePrepared(await prepare({ managers: 'managers@example.com' }), folder);
  project.provide('preparedDesk', folder);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
