import type { Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { requireSnapshot } from "../trees/index.ts";

type PinPorts = Ports<"catalog" | "mirror" | "history" | "who" | "now" | "emit" | "record" | "lockSnapshots">;

export interface PinnedSnapshot {
  readonly snapshot: Snapshot;
  readonly note: string | undefined;
}

/** Keeps a snapshot from retention until it is unpinned. A note replaces the one of an earlier pin. */
export async function pinSnapshot(
  ports: PinPorts,
  name: string,
  note: string | undefined,
): Promise<PinnedSnapshot> {
  const { catalog, who, now, emit, record } = ports;
  using _lock = await ports.lockSnapshots("snapshot pin");
  const snapshot = await requireSnapshot(ports, name);
  const held = catalog.pins().get(name);
  if (held !== undefined && (note === undefined || note === held.note)) {
    emit({ type: "snapshot-pinned-already", name });
    return { snapshot, note: held.note };
  }
  catalog.pin(name, { at: now(), by: who, note });
  emit({ type: "snapshot-pinned", name, note });
  await record({ action: "pin", result: "done", to: name, reason: note });
  return { snapshot, note };
}

/** Lets retention decide about a snapshot again. */
export async function unpinSnapshot(ports: PinPorts, name: string): Promise<Snapshot> {
  const { catalog, emit, record } = ports;
  using _lock = await ports.lockSnapshots("snapshot unpin");
  const snapshot = await requireSnapshot(ports, name);
  if (!catalog.pins().has(name)) {
    emit({ type: "snapshot-not-pinned", name });
    return snapshot;
  }
  catalog.unpin(name);
  emit({ type: "snapshot-unpinned", name });
  await record({ action: "unpin", result: "done", to: name });
  return snapshot;
}
