import { deletionOf } from "../history/index.ts";
import { whenAndWhy } from "../report/words/when-and-why.ts";
import { type Snapshot, SnapshotError } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";
import { historyOrProblem } from "./history/index.ts";

/** The snapshot that a person named. Of one that was deleted, such as by retention, the error says when and why. */
export function requireSnapshot(context: MirrorContext, name: string): Snapshot {
  const { catalog, mirror } = context;
  const found = catalog.find(name);
  if (found !== undefined) return found;
  const history = historyOrProblem(context);
  const deletion = "problem" in history ? undefined : deletionOf(history.entries, name);
  if (deletion === undefined) return catalog.require(name);
  throw new SnapshotError(
    "SNAPSHOT_NOT_FOUND",
    `snapshot ${name} of ${mirror.id} was deleted ${whenAndWhy(deletion)}`,
    {
      facts: { name },
      hint: `"mirrorctl snapshot list ${mirror.id}" shows what there is. A sync prunes as [snapshot.prune] says.`,
    },
  );
}
