/**
 * Fuzzes each target for a fixed number of executions from a fixed seed, so that a failure repeats on any machine.
 * `make soak` runs five times as many, and `make fuzz` runs for a given time.
 */
import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { findTarget, type TargetName } from "./targets/index.ts";

const seed = 1;
const soakFactor = 5;

/** About two seconds of processor time each; the targets that run other programs are slower. */
const executionsOf: Readonly<Record<TargetName, number>> = {
  "answer-lines": 32_000,
  "apt-sources": 8_000,
  armor: 24_000,
  "auth-conf": 32_000,
  changelogs: 12_000,
  config: 16_000,
  dates: 240_000,
  decompress: 1_600,
  imports: 2_000,
  inrelease: 6_400,
  keyring: 24_000,
  packages: 20_000,
  paths: 64_000,
  release: 32_000,
  "response-headers": 64_000,
  sha256sums: 48_000,
  signature: 8_000,
  sources: 20_000,
  stanzas: 20_000,
  tar: 24_000,
  versions: 64_000,
};

test.concurrent.each(Object.entries(executionsOf))(
  "%s keeps its properties for mutated inputs",
  async (name, usual) => {
    const executions = process.env["SOAK"] === undefined ? usual : usual * soakFactor;
    const { text, failure, report, keptInputs } = await fuzz(name, {
      seed,
      bound: { executions },
      usesWorkCorpus: false,
    });
    process.stdout.write(text);
    expect(failure).toBeUndefined();
    expect(report?.executions).toBeGreaterThan(10 * keptInputs);
    const { oracle } = await findTarget(name);
    expect(report?.compared).toBeGreaterThanOrEqual(oracle === undefined ? 0 : keptInputs);
  },
);
