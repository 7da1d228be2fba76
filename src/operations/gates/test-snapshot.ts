import { isDeepStrictEqual } from "node:util";
import {
  type Criterion,
  digestOf,
  findValid,
  type GateResult,
  type KeptResult,
  type SnapshotTest,
  type TestConditions,
  type Verdict,
  worst,
} from "../../gates/index.ts";
import { allowedText } from "../../report/words/gates/gate-words.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { conditionsOf } from "./conditions.ts";
import { inputsOf, isInstant, runGate } from "./gates.ts";
import { keepTest, readKeptTests } from "./kept-tests.ts";
import { recordTest } from "./record-test.ts";
import type { Together } from "./subject/beside.ts";
import { type GatePorts, openSubject, type Subject } from "./subject/subject.ts";
import { verdictOfError } from "./verdict-of-error.ts";

export interface TestOptions {
  /** Also runs gates whose last verdict is still valid. */
  readonly again?: boolean;
  /** Keeps and records the results. Default: yes. */
  readonly keep?: boolean;
  /** The snapshots of other mirrors that are promoted together with this one: gates see them in place of production. */
  readonly together?: Together;
}

/**
 * Runs the gates of a mirror on a snapshot, in the order of the configuration. A gate that passed before is not run again
 * while everything that its verdict depends on is the same. Takes a lock only to keep the results.
 */
export async function testSnapshot(
  ports: GatePorts,
  snapshot: Snapshot,
  { again = false, keep = true, together = new Map() }: TestOptions = {},
): Promise<SnapshotTest> {
  const { mirror, emit, signal } = ports;
  const subject = openSubject(ports, snapshot, together, { keeps: keep });
  const conditions = await conditionsOf(ports, snapshot, together);
  const kept = again || conditions === undefined ? [] : readKeptTests(ports.layout);
  const inputs = new Map(mirror.criteria.map((one) => [one, inputsOf(one, ports)]));
  const earlier = (criterion: Criterion): KeptResult | undefined =>
    conditions && !isInstant(criterion.gate)
      ? findValid(kept, criterion, conditions, subject.now, inputs.get(criterion))
      : undefined;
  const results: GateResult[] = [];
  let ran = 0;
  emit({ type: "test-started", name: snapshot.name, gates: mirror.criteria.length });
  for (const criterion of mirror.criteria) {
    signal.throwIfAborted();
    const before = earlier(criterion);
    if (before === undefined && !isInstant(criterion.gate)) ran += 1;
    const { verdict, seconds, at } = before ?? (await runTimed(criterion, subject));
    const result = { criterion, verdict, seconds, at };
    emit({ type: "gate-ended", name: snapshot.name, result });
    results.push(result);
  }
  const verdict = worst(results.map((result) => result.verdict.kind));
  const test = { mirror: mirror.id, snapshot: snapshot.name, verdict, results };
  if (keep && ran > 0) {
    const after = await conditionsOf(ports, snapshot, together);
    // If production moved meanwhile, nobody knows which of the two a gate saw.
    if (conditions !== undefined && isDeepStrictEqual(after, conditions))
      await keepTest(ports, snapshot, keptOf(conditions, inputs, results));
    await recordTest(ports, test);
  }
  return test;
}

const keptOf = (
  conditions: TestConditions,
  inputs: ReadonlyMap<Criterion, string>,
  results: readonly GateResult[],
) => ({
  conditions,
  results: results.map(({ criterion, ...result }) => ({
    gate: criterion.gate,
    criterion: digestOf(criterion, inputs.get(criterion)),
    allowed: allowedText(criterion),
    ...result,
  })),
});

async function runTimed(criterion: Criterion, subject: Subject): Promise<Omit<GateResult, "criterion">> {
  const { emit, now } = subject.ports;
  const at = now();
  if (!isInstant(criterion.gate))
    emit({ type: "gate-started", name: subject.snapshot.name, gate: criterion.gate });
  const started = performance.now();
  let verdict: Verdict;
  try {
    verdict = await runGate(criterion, subject);
  } catch (error) {
    verdict = verdictOfError(error, subject);
  }
  return { verdict, at, seconds: Math.round(performance.now() - started) / 1_000 };
}
