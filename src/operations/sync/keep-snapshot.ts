import type { Snapshot } from "../../snapshot/index.ts";
import { isStandIn } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { readKnownDamage } from "../history/index.ts";
import { showInStaging } from "../production/index.ts";

/**
 * The snapshot that a sync with nothing new keeps in place of a new one (skip_unchanged): the newest of the very tree
 * that the working mirror shows. Undefined where there is none, such as after a run that was killed before it made one,
 * or none that is whole.
 */
export function findKept(context: MirrorContext): Snapshot | undefined {
  const candidates = keepable(context);
  if (candidates.length === 0) return undefined;
  const damaged = readKnownDamage(context);
  return candidates.find(({ name }) => !damaged.has(name));
}

/** Those that a sync with nothing new may keep, newest first, as far as the history has nothing against them. */
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

/** Whatever staging leads to now was chosen by a person: the sync that made the snapshot has staged it already. */
function wasStagedSince({ history, mirror }: MirrorContext, createdAt: Date): boolean {
  const lines = history.list({ mirror: mirror.id });
  return lines.some(({ action, result, at }) => action === "stage" && result === "done" && at >= createdAt);
}
