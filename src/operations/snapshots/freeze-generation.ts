import type { Generation } from "../../publish/index.ts";
import type { Snapshot, SnapshotOrigin } from "../../snapshot/index.ts";
import { contentsOfTree } from "../contents-of-tree.ts";
import type { MirrorContext } from "../context.ts";

/** Makes a snapshot of one generation of the working mirror. */
export async function freezeGeneration(
  context: MirrorContext,
  generation: Generation,
  name: string,
): Promise<Snapshot> {
  context.emit({ type: "snapshot-creating", name });
  const origin = {
    name,
    createdAt: context.now(),
    generation: generation.name,
    ...knownOf(context, generation),
  };
  const { snapshot, how } = await context.catalog.create(generation.path, origin, context.signal);
  context.emit({ type: "snapshot-created", name, how, sizeBytes: snapshot.meta.sizeBytes });
  const { packages, sizeBytes } = snapshot.meta;
  const details = { kind: "created", packages, sizeBytes, contents: contentsOfTree(snapshot.meta) } as const;
  context.record({ action: "create", result: "done", to: name, details });
  return snapshot;
}

/** What the sync that made a generation left of it. */
function knownOf(context: MirrorContext, generation: Generation): Pick<SnapshotOrigin, "signers" | "facts"> {
  const state = context.memory.read();
  if (state === undefined || state.generation !== generation.name)
    return { signers: new Map(), facts: undefined };
  return {
    signers: new Map(state.suites.map(({ suite, signedBy }) => [suite, signedBy])),
    facts: state.facts,
  };
}
