import type { MirrorFacts } from "../../metrics/index.ts";
import { measureByRecords } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

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
  const generations = working.generations().map(({ path, name }) => ({ path, generation: name }));
  const snapshots = await catalog.glance();
  const measured: { readonly snapshot: string; readonly bytes: number }[] = [];
  for (const snapshot of snapshots) {
    const others = snapshots
      .filter((other) => other !== snapshot)
      .map(({ path, meta }) => ({ path, generation: meta.generation }));
    const usage = await measureByRecords(layout, snapshot, [...generations, ...others], signal);
    if (usage !== undefined) measured.push({ snapshot: snapshot.name, bytes: usage.uniqueBytes });
  }
  return measured;
}
