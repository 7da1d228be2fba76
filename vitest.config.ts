import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// What Node has compiled, and what it has left of TypeScript, for the next process or thread. Without it, a thread of ours
// takes three times as long to start from source, and tests start hundreds.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, ".cache/compiled");

export default defineConfig({
  test: {
    // Processes and not threads: starting a program takes longer the more memory the process has that starts it, and
    // threads share theirs.
    pool: "forks",
    // Tests wait for programs, servers and one another: with three workers, two processors are idle for a tenth of the time.
    maxWorkers: Math.min(2 * availableParallelism(), 16),
    // Small tests use many short buffers. At first V8 collects garbage for every few megabytes of them, a sixth of the time.
    execArgv: ["--initial-old-space-size=256"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          isolate: false,
          setupFiles: ["test/support/nothing-to-flush.setup.ts"],
          include: [
            "src/**/*.test.ts",
            "test/{contracts,errors,laws,architecture}/**/*.test.ts",
            "test/{support,fuzz,e2e}/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          exclude: ["**/*.{fuzz,faults,e2e}.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "fuzz",
          include: ["test/fuzz/**/*.fuzz.test.ts"],
          maxConcurrency: 2, // campaigns, each of which keeps a processor busy
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          setupFiles: ["test/faults/faulty-disk.setup.ts"],
          include: ["test/{faults,contracts}/**/*.faults.test.ts"],
          testTimeout: 300_000, // hundreds of runs each
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          isolate: false,
          setupFiles: ["test/support/nothing-to-flush.setup.ts"],
          include: ["test/e2e/**/*.e2e.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
