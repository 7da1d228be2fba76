import type { Shown } from "../../publish/index.ts";
import type { Note } from "../../report/words/concerns.ts";
import type { SnapshotGlance } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import type { ReadHistory } from "../history/index.ts";
import { findTakenOut } from "../production/index.ts";

/** A rollback leaves staging as it is: `promote` then refuses what is staged. */
export async function notesOfStaging(
  { catalog }: Ports<"catalog">,
  target: Shown,
  snapshots: readonly SnapshotGlance[],
  history: ReadHistory,
): Promise<readonly Note[]> {
  if (target.kind !== "snapshot" || "unreadable" in history) return [];
  const staged = snapshots.find(({ name }) => name === target.name);
  const taken = staged && (await findTakenOut({ catalog }, history))(staged);
  if (taken?.how !== "rolled-back") return [];
  const { at, by, reason } = taken;
  return [{ kind: "staged-rolled-back", name: target.name, at, by, reason }];
}
