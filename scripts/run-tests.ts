/** Runs test projects, as in `node scripts/run-tests.ts unit e2e`, and ends with a line of totals. */
import { type Reporter, startVitest, type TestCase, type TestModule, type TestSuite } from "vitest/node";

class Sum implements Reporter {
  passed = 0;
  failed = 0;
  skipped = 0;

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    if (state !== "pending") this[state]++;
  }

  /** Counts a file that cannot be loaded as one failure. */
  onTestModuleEnd(module: TestModule): void {
    if (module.errors().length > 0) this.failed++;
  }

  /** Counts errors of hooks. */
  onTestSuiteResult(suite: TestSuite): void {
    if (suite.errors().length > 0) this.failed++;
  }
}

const sum = new Sum();
const vitest = await startVitest([], {
  run: true,
  project: process.argv.slice(2),
  reporters: ["default", sum],
});
await vitest.close();
console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
