import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { MirrorContext, Ports } from "../context.ts";

/** Returns the staged snapshot. */
export async function requireStaged({
  mirror,
  layout,
  catalog,
  publisher,
}: Ports<"mirror" | "layout" | "catalog" | "publisher">): Promise<Snapshot> {
  const shown = await publisher.read("staging");
  if (shown.kind === "snapshot") return await catalog.require(shown.name);
  const { id } = mirror;
  throw new SnapshotError(
    "NOTHING_STAGED",
    shown.kind === "none"
      ? `${id} has nothing in staging`
      : `staging of ${id} leads to no snapshot of this mirror`,
    {
      facts: { link: layout.staging, leadsTo: shown.kind === "foreign" ? shown.path : undefined },
      hint: hintFor(mirror, (await catalog.list()).length > 0),
    },
  );
}

function hintFor({ id, snapshotEachSync }: MirrorContext["mirror"], hasSnapshots: boolean): string {
  if (hasSnapshots)
    return `Stage a snapshot first: mirrorctl snapshot stage ${id} NAME ("mirrorctl snapshot list ${id}" shows them).`;
  return snapshotEachSync
    ? `There is no snapshot yet. Make the first one: mirrorctl sync ${id}`
    : `There is no snapshot yet. Make one of the working mirror: mirrorctl snapshot create ${id} --stage`;
}
