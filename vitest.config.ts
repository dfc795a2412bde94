import { defineConfig } from 'vitest/config';
import { RulesTable } from './test/support/rules-table.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A published promise without a passing test fails a whole run.
    reporters: ['default', new RulesTable({ everyRuleMustBeProven: true })],
    globalSetup: 'test/support/prepare-desk.ts',
    // Files share what they import: the CDK and the SDK take longer to load than most files take to run.
    isolate: false,
    setupFiles: 'test/support/undo.ts',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Two files at once also on two cores: much of a desk's time is spent in its engine's process.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
