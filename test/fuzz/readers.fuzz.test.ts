import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { targetNames } from "./targets/index.ts";

/** The same in every run, however fast the machine is, so that a failure comes again; `make fuzz` goes further. */
const seed = 1;

/** About a quarter of a minute of each on an idle processor; those are slow that ask other programs. */
const executionsOf: Readonly<Record<string, number>> = {
  armor: 120_000,
  "auth-conf": 160_000,
  config: 80_000,
  dates: 1_200_000,
  decompress: 4_000,
  inrelease: 32_000,
  keyring: 120_000,
  packages: 100_000,
  paths: 320_000,
  release: 160_000,
  "response-headers": 320_000,
  sha256sums: 240_000,
  signature: 40_000,
  sources: 100_000,
  stanzas: 100_000,
  versions: 320_000,
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
