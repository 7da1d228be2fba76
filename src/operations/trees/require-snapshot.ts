import { deletionOf } from "../../history/index.ts";
import { whenAndWhy } from "../../report/words/when-and-why.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { historyOrProblem } from "../history/index.ts";

/** Returns the snapshot that a person named. If it was deleted, such as by retention, the error says when and why. */
export async function requireSnapshot(
  { catalog, mirror, history }: Ports<"catalog" | "mirror" | "history">,
  name: string,
): Promise<Snapshot> {
  const found = await catalog.find(name);
  if (found !== undefined) return found;
  const lines = await historyOrProblem({ history, mirror });
  const deletion = "problem" in lines ? undefined : deletionOf(lines.entries, name);
  if (deletion === undefined) return await catalog.require(name);
  throw new SnapshotError(
    "SNAPSHOT_NOT_FOUND",
    `snapshot ${name} of ${mirror.id} was deleted ${whenAndWhy(deletion)}`,
    {
      facts: { name },
      hint: `"mirrorctl snapshot list ${mirror.id}" shows what there is. A sync prunes as [snapshot.prune] says.`,
    },
  );
}
