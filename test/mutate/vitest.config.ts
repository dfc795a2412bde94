/** The tests that need no prepared desk, without the seconds that it takes to prepare one. */
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { reporters: ['dot'], maxWorkers: 1, testTimeout: 60_000, hookTimeout: 60_000 } });
