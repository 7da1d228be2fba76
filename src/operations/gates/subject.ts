import type { Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { openPackages, treeOfSnapshot } from "../trees/index.ts";
import type { VerificationPorts } from "../verify/index.ts";
import { countNames, type TreeNames } from "./tree-names.ts";

/** What gates need of a mirror. */
export type GatePorts = VerificationPorts &
  Ports<"layout" | "catalog" | "publisher" | "history" | "memory" | "record" | "lockSnapshots">;

/** The snapshot that is tested, and what gates ask about it. Each answer is found when a gate first asks, and once. */
export interface Subject {
  readonly ports: GatePorts;
  readonly snapshot: Snapshot;
  /** The time of the test. */
  readonly now: Date;
  /** The binary packages that its indices list. */
  names(): Promise<TreeNames>;
}

export function openSubject(ports: GatePorts, snapshot: Snapshot): Subject {
  const tree = treeOfSnapshot(ports, snapshot, { verb: "tested" });
  return {
    ports,
    snapshot,
    now: ports.now(),
    names: once(() => countNames(openPackages(ports, tree))),
  };
}

function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}
