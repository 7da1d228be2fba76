/** Runs test projects in this order, as in `node scripts/run-tests.ts e2e unit`, and ends with a line of totals. */
import {
  BaseSequencer,
  type Reporter,
  startVitest,
  type TestCase,
  type TestModule,
  type TestSpecification,
  type TestSuite,
} from "vitest/node";

const projects = process.argv.slice(2);

/** vitest starts projects in the order of their names, and so might begin the longest file near the end. */
class GivenOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = super.sort.bind(this);
    return (await usual(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

const rankOf = ({ project }: TestSpecification): number => projects.indexOf(project.name);

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
  project: projects,
  sequence: { sequencer: GivenOrder },
  reporters: ["default", sum],
});
await vitest.close();
console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
