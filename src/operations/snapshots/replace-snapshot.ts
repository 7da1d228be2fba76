import type { Generation } from "../../publish/index.ts";
import type { KeptBecause } from "../../report/events.ts";
import { keptText } from "../../report/words/messages/snapshot.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import { standInName } from "../../snapshot-name.ts";
import type { Ports } from "../context.ts";
import { predecessorsOf, showInStaging } from "../production/index.ts";
import { deleteUnlocked } from "./delete-snapshots.ts";
import { type FreezePorts, freezeGeneration } from "./freeze-generation.ts";
import { namesOf } from "./snapshot-uses.ts";

type UsePorts = Ports<"mirror" | "publisher" | "catalog" | "history">;
export type ReplacePorts = UsePorts & FreezePorts;

/**
 * Returns why a snapshot must not be replaced by another one of its name: what production shows never changes under its
 * clients, nor does what a rollback would go back to. Undefined if it may be replaced; staging does not matter.
 */
export async function keptBecause(ports: UsePorts, held: Snapshot): Promise<KeptBecause | undefined> {
  const { own, others } = await namesOf(ports, held.name);
  if (own.includes("production")) return { kind: "in-production" };
  if (others.length > 0) return { kind: "linked", links: others };
  const pin = ports.catalog.pins().get(held.name);
  if (pin !== undefined) return { kind: "pinned", note: pin.note };
  return (await isFormerProduction(ports, held)) ? { kind: "was-in-production" } : undefined;
}

async function isFormerProduction(ports: UsePorts, { name }: Snapshot): Promise<boolean> {
  const entries = await ports.history.list({ mirror: ports.mirror.id });
  return (await predecessorsOf(ports, entries)).some(({ snapshot }) => snapshot?.name === name);
}

/**
 * Removes a snapshot so that its name can be used again. Before that it makes the new snapshot under a second name, so that
 * a failure loses nothing. Staging shows that copy while the name changes hands: always a complete tree.
 */
export async function makeWay(ports: ReplacePorts, held: Snapshot, generation: Generation): Promise<void> {
  const kept = await keptBecause(ports, held);
  if (kept !== undefined) throw notReplaced(ports.mirror.id, held, kept);
  await retireStandIn(ports, held); // a killed run may have left one
  const name = standInName(held.name);
  // A copy that stayed is shown somewhere; then staging shows it too.
  const standIn = (await ports.catalog.find(name)) ?? (await freezeGeneration(ports, generation, name));
  const { own } = await namesOf(ports, held.name);
  if (own.includes("staging")) await showInStaging(ports, standIn);
  await deleteUnlocked(ports, held, { reason: "replaced by another of the same name" });
}

function notReplaced(id: string, { name }: Snapshot, kept: KeptBecause): SnapshotError {
  const isFormer = kept.kind === "was-in-production";
  return new SnapshotError(
    "SNAPSHOT_IN_USE",
    `snapshot ${name} of ${id} ${keptText(kept)}${isFormer ? ": a rollback may go back to it" : ""}`,
    {
      facts: { snapshot: name, kept: kept.kind },
      hint: isFormer
        ? "Under that name it must hold what it held then: choose another name, or delete it first."
        : kept.kind === "pinned"
          ? `Choose another name, or unpin it first: mirrorctl snapshot unpin ${id} ${name}`
          : "What clients read is never replaced under them: choose another name.",
    },
  );
}

/**
 * Removes the second copy that this run, or one that was killed, made of a snapshot that is complete again; staging shows
 * the snapshot then. The copy stays if anything else shows it, such as production after a promotion, or if a rollback
 * would go back to it. Returns whether it removed the copy.
 */
export async function retireStandIn(ports: ReplacePorts, snapshot: Snapshot): Promise<boolean> {
  const standIn = await ports.catalog.find(standInName(snapshot.name));
  if (standIn === undefined) return false;
  const { own, others } = await namesOf(ports, standIn.name);
  if (own.includes("staging")) await showInStaging(ports, snapshot);
  if (own.includes("production") || others.length > 0) return false;
  if (ports.catalog.pins().has(standIn.name)) return false;
  if (await isFormerProduction(ports, standIn)) return false;
  await deleteUnlocked(ports, standIn, { reason: `the second copy of ${snapshot.name}` });
  return true;
}
