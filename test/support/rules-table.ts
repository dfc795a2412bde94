/**
 * A reporter that ends every run with the table of the rules proven. An id that no rule has fails the run. When all test files
 * ran, a rule without a passing test fails it as well, once the configuration says that every rule must be proven.
 */
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { fails, knownRules, proofOf, tableOf } from './rules-proven.ts';

export interface RulesTableOptions {
  /** Whether a whole run fails for a rule that no passing test names. `RULES=strict npm test` does so for one run. */
  readonly everyRuleMustBeProven: boolean;
}

export class RulesTable implements Reporter {
  readonly #strict: boolean;
  #vitest: Vitest | undefined;

  constructor({ everyRuleMustBeProven }: RulesTableOptions) {
    this.#strict = everyRuleMustBeProven || process.env.RULES === 'strict';
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({ name: test.name, passed: test.result().state === 'passed' })),
    );
    const proof = proofOf(knownRules, tests);
    const whole = await this.#ranEverything(modules);
    const table = tableOf(proof, whole);
    if (table !== '') process.stdout.write(`${table}\n`);
    if (fails(proof, { whole, strict: this.#strict })) process.exitCode = 1;
  }

  /** Whether every test file was run, and every test in it: neither files nor names were filtered. */
  async #ranEverything(modules: readonly TestModule[]): Promise<boolean> {
    if (!this.#vitest || this.#vitest.config.testNamePattern !== undefined) return false;
    const all = await this.#vitest.globTestSpecifications();
    const ran = new Set(modules.map(({ moduleId }) => moduleId));
    return all.every(({ moduleId }) => ran.has(moduleId));
  }
}
