import type { Snapshot } from "../../snapshot/index.ts";
import { isStandIn } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { readKnownDamage } from "../history/index.ts";
import { showInStaging } from "../production/index.ts";

/**
 * Returns the snapshot that a sync with nothing new keeps instead of a new one (skip_unchanged): the newest of the generation
 * that the working mirror shows. Undefined if there is none without known damage, or if a run was killed before it made one.
 */
export function findKept(context: MirrorContext): Snapshot | undefined {
  const candidates = keepable(context);
  if (candidates.length === 0) return undefined;
  const damaged = readKnownDamage(context);
  return candidates.find(({ name }) => !damaged.has(name));
}

/** Returns the snapshots that a sync with nothing new may keep, newest first, except for what the history knows of damage. */
export function keepable({
  mirror,
  working,
  catalog,
}: Pick<MirrorContext, "mirror"> & {
  readonly working: Pick<MirrorContext["working"], "current">;
  readonly catalog: Pick<MirrorContext["catalog"], "ofGeneration">;
}): readonly Snapshot[] {
  const generation = working.current();
  if (!mirror.snapshot.skipUnchanged || generation === undefined) return [];
  return catalog.ofGeneration(generation.name).filter(({ name }) => !isStandIn(name));
}

/** Returns whether staging leads to it afterwards. */
export async function keepSnapshot(context: MirrorContext, snapshot: Snapshot): Promise<boolean> {
  context.emit({ type: "snapshot-kept", name: snapshot.name });
  const staging = await context.publisher.read("staging");
  if (staging.kind === "snapshot" && staging.name === snapshot.name) return true;
  if (!context.mirror.publishToStaging) return false;
  if (staging.kind === "snapshot" && wasStagedSince(context, snapshot.createdAt)) {
    context.emit({ type: "staging-left", name: staging.name });
    return false;
  }
  await showInStaging(context, snapshot);
  return true;
}

/** True if a person chose what staging leads to now: the sync that made the snapshot has staged it already. */
function wasStagedSince({ history, mirror }: MirrorContext, createdAt: Date): boolean {
  const lines = history.list({ mirror: mirror.id });
  return lines.some(({ action, result, at }) => action === "stage" && result === "done" && at >= createdAt);
}
