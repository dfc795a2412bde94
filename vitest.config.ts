import { defineConfig } from 'vitest/config';
import { RulesTable } from './test/support/rules-table.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A published promise without a passing test fails a whole run.
    reporters: ['default', new RulesTable({ everyRuleMustBeProven: true })],
    globalSetup: 'test/support/prepare-desk.ts',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
