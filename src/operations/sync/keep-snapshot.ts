import type { Snapshot } from "../../snapshot/index.ts";
import { isStandIn } from "../../snapshot-name.ts";
import type { MirrorContext, Ports } from "../context.ts";
import { readKnownDamage } from "../history/index.ts";
import { showInStaging } from "../production/index.ts";

/**
 * Returns the snapshot that a sync with nothing new keeps instead of a new one (skip_unchanged): the newest of the generation
 * that the working mirror shows. Undefined if there is none without known damage, or if a run was killed before it made one.
 */
export async function findKept(
  ports: Ports<"mirror" | "working" | "catalog" | "history" | "emit">,
): Promise<Snapshot | undefined> {
  const candidates = keepable(ports);
  if (candidates.length === 0) return undefined;
  const damaged = await readKnownDamage(ports);
  return candidates.find(({ name }) => !damaged.has(name));
}

/** Returns the snapshots that a sync with nothing new may keep, newest first, except for what the history knows of damage. */
export function keepable({
  mirror,
  working,
  catalog,
}: Ports<"mirror"> & {
  readonly working: Pick<MirrorContext["working"], "current">;
  readonly catalog: Pick<MirrorContext["catalog"], "ofGeneration">;
}): readonly Snapshot[] {
  const generation = working.current();
  if (!mirror.snapshot.skipUnchanged || generation === undefined) return [];
  return catalog.ofGeneration(generation.name).filter(({ name }) => !isStandIn(name));
}

type KeepPorts = Ports<"mirror" | "publisher" | "history" | "signal" | "emit" | "record">;

/** Returns whether staging leads to it afterwards. */
export async function keepSnapshot(ports: KeepPorts, snapshot: Snapshot): Promise<boolean> {
  const { mirror, publisher, emit } = ports;
  emit({ type: "snapshot-kept", name: snapshot.name });
  const staging = await publisher.read("staging");
  if (staging.kind === "snapshot" && staging.name === snapshot.name) return true;
  if (!mirror.publishToStaging) return false;
  if (staging.kind === "snapshot" && (await wasStagedSince(ports, snapshot.createdAt))) {
    emit({ type: "staging-left", name: staging.name });
    return false;
  }
  await showInStaging(ports, snapshot);
  return true;
}

/** True if a person chose what staging leads to now: the sync that made the snapshot has staged it already. */
async function wasStagedSince(
  { history, mirror }: Ports<"history" | "mirror">,
  createdAt: Date,
): Promise<boolean> {
  const lines = await history.list({ mirror: mirror.id });
  return lines.some(({ action, result, at }) => action === "stage" && result === "done" && at >= createdAt);
}
