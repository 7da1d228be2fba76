import type { Generation } from "../../publish/index.ts";
import { contentsOf, type Snapshot, type SnapshotOrigin } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

export type FreezePorts = Ports<"catalog" | "memory" | "signal" | "now" | "emit" | "record">;

/** Makes a snapshot of one generation of the working mirror. `ready` is a hidden tree of the same files that may become it. */
export async function freezeGeneration(
  { catalog, memory, now, emit, record }: FreezePorts,
  generation: Generation,
  name: string,
  ready?: string,
): Promise<Snapshot> {
  emit({ type: "snapshot-creating", name });
  const known = knownOf({ memory }, generation);
  const origin = { name, createdAt: now(), generation: generation.name, ...known };
  const { snapshot, how } = await catalog.create(generation.path, origin, ready);
  const { packages, sizeBytes } = snapshot.meta;
  emit({ type: "snapshot-created", name, how, sizeBytes });
  const details = { kind: "created", packages, sizeBytes, contents: contentsOf(snapshot.meta) } as const;
  await record({ action: "create", result: "done", to: name, details });
  return snapshot;
}

/** Returns what the sync that made a generation knew of it. */
function knownOf(
  { memory }: Ports<"memory">,
  generation: Generation,
): Pick<SnapshotOrigin, "signers" | "facts" | "counts"> {
  const state = memory.read();
  if (state === undefined || state.generation !== generation.name)
    return { signers: new Map(), facts: undefined, counts: undefined };
  return {
    signers: new Map(state.suites.map(({ suite, signedBy }) => [suite, signedBy])),
    facts: state.facts,
    counts: state.counts,
  };
}
