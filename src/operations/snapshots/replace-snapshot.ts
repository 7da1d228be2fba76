import type { Generation } from "../../publish/index.ts";
import type { KeptBecause } from "../../report/events.ts";
import { keptText } from "../../report/words/messages/snapshot.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import { standInName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { pointStaging, predecessorsOf } from "../production/index.ts";
import { deleteUnlocked } from "./delete-snapshots.ts";
import { freezeGeneration } from "./freeze-generation.ts";
import { linksTo } from "./snapshot-uses.ts";

/**
 * Why a snapshot cannot be replaced by another one of its name: what is in production never changes under its clients,
 * nor what a rollback would go back to. Undefined for one that can; staging is no reason.
 */
export function keptBecause(context: MirrorContext, held: Snapshot): KeptBecause | undefined {
  const { leading, others } = linksTo(context, held.name);
  if (leading.includes("production")) return { kind: "in-production" };
  if (others.length > 0) return { kind: "linked", links: others };
  return isFormerProduction(context, held) ? { kind: "was-in-production" } : undefined;
}

function isFormerProduction(context: MirrorContext, { name }: Snapshot): boolean {
  const entries = context.history.list({ mirror: context.mirror.id });
  return predecessorsOf(context, entries).some(({ snapshot }) => snapshot?.name === name);
}

/**
 * Removes a snapshot so that its name can be used again, once the snapshot that is to have it exists: a failure loses
 * nothing. Staging leads to that second copy while the name changes hands, so that it shows a complete tree at every
 * instant.
 */
export async function makeWay(context: MirrorContext, held: Snapshot, generation: Generation): Promise<void> {
  const kept = keptBecause(context, held);
  if (kept !== undefined) throw notReplaced(context, held, kept);
  await retireStandIn(context, held); // a killed run may have left one
  const name = standInName(held.name);
  // One that stayed is shown somewhere, and staging with it.
  const standIn = context.catalog.find(name) ?? (await freezeGeneration(context, generation, name));
  if (linksTo(context, held.name).leading.includes("staging")) pointStaging(context, standIn);
  await deleteUnlocked(context, held, { reason: "replaced by another of the same name" });
}

function notReplaced({ mirror }: MirrorContext, { name }: Snapshot, kept: KeptBecause): SnapshotError {
  const isFormer = kept.kind === "was-in-production";
  return new SnapshotError(
    "SNAPSHOT_IN_USE",
    `snapshot ${name} of ${mirror.id} ${keptText(kept)}${isFormer ? ": a rollback may go back to it" : ""}`,
    {
      facts: { snapshot: name, kept: kept.kind },
      hint: isFormer
        ? "Under that name it must hold what it held then: choose another name, or delete it first."
        : "What clients read is never replaced under them: choose another name.",
    },
  );
}

/**
 * Removes the second copy that this run, or one that was killed, made in place of a snapshot that is whole again; staging
 * goes on to the snapshot. Where something else leads to the copy, such as production after a promotion, it stays, and
 * where a rollback would.
 */
export async function retireStandIn(context: MirrorContext, snapshot: Snapshot): Promise<boolean> {
  const standIn = context.catalog.find(standInName(snapshot.name));
  if (standIn === undefined) return false;
  const { leading, others } = linksTo(context, standIn.name);
  if (leading.includes("staging")) pointStaging(context, snapshot);
  if (leading.includes("production") || others.length > 0 || isFormerProduction(context, standIn))
    return false;
  await deleteUnlocked(context, standIn, { reason: `the second copy of ${snapshot.name}` });
  return true;
}
