import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    maxWorkers: 2, // the tests mostly wait for programs that they start
    projects: [
      {
        test: {
          name: "unit",
          pool: "threads",
          isolate: false,
          include: [
            "src/**/*.test.ts",
            "test/{contracts,laws,architecture}/**/*.test.ts",
            "test/{support,fuzz}/**/*.test.ts",
          ],
          exclude: ["**/*.fuzz.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "fuzz",
          pool: "threads",
          include: ["test/fuzz/**/*.fuzz.test.ts"],
          maxConcurrency: 2, // campaigns, each of which keeps a processor busy
          testTimeout: 180_000,
        },
      },
      {
        test: {
          name: "faults",
          pool: "threads",
          setupFiles: ["test/faults/faulty-disk.setup.ts"],
          include: ["test/faults/**/*.faults.test.ts"],
          testTimeout: 300_000, // hundreds of runs each
        },
      },
      {
        test: {
          name: "e2e",
          pool: "threads",
          include: ["test/e2e/**/*.e2e.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
