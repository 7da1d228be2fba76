import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

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
      hint: `Stage a snapshot first: mirrorctl snapshot stage ${id} NAME ("mirrorctl snapshot list ${id}" shows them).`,
    },
  );
}
