import type { HistoryAction, HistoryEntry } from "../../history/index.ts";
import type { Publication, Shown } from "../../publish/index.ts";
import type { PromotionObjection } from "../../report/words/objections.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import type { CutOffPorts } from "./cut-off-move.ts";
import type { KeepPorts } from "./keep-files.ts";

/** What a verb needs that moves production of a mirror. */
export type ProductionPorts = KeepPorts &
  CutOffPorts &
  Ports<"layout" | "catalog" | "begin" | "lockSnapshots">;

/** Production of one mirror on its way to a snapshot. */
export interface ProductionMove {
  readonly ports: ProductionPorts;
  readonly snapshot: Snapshot;
  /** What production shows until then. */
  readonly before: Shown;
  /** The snapshot goes into production in spite of these. */
  readonly objections: readonly PromotionObjection[];
  /** The line of a run that was cut off after production had moved. `before` is what it showed before that run. */
  readonly begun?: HistoryEntry;
}

/** A move that only has to be committed. */
export interface PreparedMove extends ProductionMove {
  readonly publication: Publication;
}

/** A move whose line in the history has no end yet. */
export interface BegunMove extends PreparedMove {
  readonly line: HistoryEntry;
}

export interface ProductionChange {
  readonly action: Extract<HistoryAction, "publish" | "promote" | "rollback">;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

/** Takes the locks of snapshots of all mirrors, or none of them. */
export async function lockAll(
  mirrors: readonly Ports<"lockSnapshots">[],
  verb: string,
): Promise<DisposableStack> {
  using locks = new DisposableStack();
  for (const ports of mirrors) locks.use(await ports.lockSnapshots(verb));
  return locks.move();
}

export async function planMove<AllPorts extends ProductionPorts>(
  ports: AllPorts,
  snapshot: Snapshot,
): Promise<ProductionMove & { readonly ports: AllPorts }> {
  return { ports, snapshot, before: await ports.publisher.read("production"), objections: [] };
}

/** True if production shows the snapshot already. */
export const isThere = ({ before, snapshot }: ProductionMove): boolean =>
  before.kind === "snapshot" && before.name === snapshot.name;

/** Returns the moves that change something. Of the others it says that there is nothing to do, and records nothing. */
export function skipUnchanged(moves: readonly ProductionMove[]): readonly ProductionMove[] {
  for (const { ports, snapshot } of moves.filter(isThere))
    ports.emit({ type: "production-unchanged", name: snapshot.name });
  return moves.filter((move) => !isThere(move));
}
