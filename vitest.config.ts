import { defineConfig } from 'vitest/config';
import { RulesTable } from './test/support/rules-table.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The switch: true once the last rule has its test.
    reporters: ['default', new RulesTable({ everyRuleMustBeProven: false })],
    globalSetup: 'test/support/prepare-desk.ts',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
