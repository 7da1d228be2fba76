import type { MirrorFacts } from "../../metrics/index.ts";
import { measureByRecords } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { treesOf } from "../snapshots/index.ts";

/**
 * Measures snapshots as `snapshot list --detailed` does, but only those for which the records of syncs suffice: a walk over
 * a tree takes seconds, and this runs after each command.
 */
export async function uniqueBytesOf({
  layout,
  working,
  catalog,
  signal,
}: Ports<"layout" | "working" | "catalog" | "signal">): Promise<MirrorFacts["uniqueBytes"]> {
  const snapshots = await catalog.glance();
  const trees = treesOf({ working }, snapshots);
  const measured: { readonly snapshot: string; readonly bytes: number }[] = [];
  for (const snapshot of snapshots) {
    const usage = await measureByRecords(layout, snapshot, trees, signal);
    if (usage !== undefined) measured.push({ snapshot: snapshot.name, bytes: usage.uniqueBytes });
  }
  return measured;
}
