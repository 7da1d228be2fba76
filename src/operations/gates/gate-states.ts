import type { Criterion, GateState } from "../../gates/index.ts";
import { findLatest } from "../../gates/index.ts";
import { codeOf } from "../../report/errors.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { conditionsOf } from "./conditions.ts";
import { inputsOf, isInstant, runGate } from "./gates.ts";
import { readKeptTests } from "./kept-tests.ts";
import { type GatePorts, openSubject } from "./subject/subject.ts";

const alone = new Map<never, never>();

/**
 * Returns what is known of the gates of a snapshot: what instant ones say now, and the latest verdicts of the others while
 * everything that they depend on is the same. Runs no other gate, and writes nothing.
 */
export async function gateStates(ports: GatePorts, snapshot: Snapshot): Promise<readonly GateState[]> {
  const subject = openSubject(ports, snapshot, alone, { keeps: false });
  const conditions = await conditionsOf(ports, snapshot, alone);
  const kept = conditions === undefined ? [] : readKeptTests(ports.layout);
  const stateOf = async (criterion: Criterion): Promise<GateState> => {
    const { gate } = criterion;
    if (isInstant(gate)) return { criterion, verdict: await askIfAble(criterion), at: subject.now };
    const latest = conditions && findLatest(kept, criterion, conditions, inputsOf(criterion, ports));
    return { criterion, verdict: latest?.verdict, at: latest?.at };
  };
  /** This user may not read the history, for example. */
  const askIfAble = async (criterion: Criterion) => {
    try {
      return await runGate(criterion, subject);
    } catch (error) {
      ports.signal.throwIfAborted();
      if (codeOf(error) === undefined) throw error;
      return undefined;
    }
  };
  return await Promise.all(ports.mirror.criteria.map(stateOf));
}
