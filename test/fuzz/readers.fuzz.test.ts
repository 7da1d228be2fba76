import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { targetNames } from "./targets/index.ts";

/** The same in every run, however fast the machine is, so that a failure comes again; `make fuzz` goes further. */
const seed = 1;

/** About ten seconds' worth of each on one processor; those are slow that ask other programs. */
const executionsOf: Readonly<Record<string, number>> = {
  armor: 30_000,
  "auth-conf": 40_000,
  config: 20_000,
  dates: 300_000,
  decompress: 1_000,
  inrelease: 8_000,
  keyring: 30_000,
  packages: 25_000,
  paths: 80_000,
  release: 40_000,
  "response-headers": 80_000,
  sha256sums: 60_000,
  signature: 10_000,
  sources: 25_000,
  stanzas: 25_000,
  versions: 80_000,
};

test("every target is fuzzed here", () => {
  expect(Object.keys(executionsOf)).toEqual(targetNames.toSorted());
});

test.concurrent.each(Object.entries(executionsOf))(
  "%s keeps its properties, whatever it reads",
  async (name, executions) => {
    const { text, failure } = await fuzz(name, { seed, bound: { executions }, usesWorkCorpus: false });
    process.stdout.write(text);
    expect(failure).toBeUndefined();
  },
);
