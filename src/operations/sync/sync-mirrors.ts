import { mapBounded } from "../../platform/map-bounded.ts";
import type { MirrorContext } from "../context.ts";
import { type SyncOutcome, syncMirror } from "./sync.ts";
import type { SyncOptions, SyncPorts } from "./sync-context.ts";

const mirrorsAtOnce = 4;

/** Several mirrors at a time, each failing on its own; outcomes in the order of the mirrors. */
export async function syncMirrors(
  mirrors: readonly MirrorContext[],
  openPorts: (mirror: MirrorContext) => Promise<SyncPorts>,
  options: SyncOptions,
): Promise<readonly SyncOutcome[]> {
  return mapBounded(mirrors, mirrorsAtOnce, (mirror) => syncMirror(mirror, () => openPorts(mirror), options));
}
