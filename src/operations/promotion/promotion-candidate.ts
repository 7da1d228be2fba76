import { isDeepStrictEqual } from "node:util";
import { lastStaged, type Staged } from "../../history/index.ts";
import type { Shown } from "../../publish/index.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { type HistoryOrProblem, historyOrProblem } from "../history/index.ts";
import { requireSnapshot, requireStaged } from "../trees/index.ts";
import { PromotionError } from "./promotion-objections.ts";

type CandidatePorts = Ports<"mirror" | "layout" | "catalog" | "publisher" | "history">;

/** Returns the snapshot to promote: the staged one, or the one of this name, which must have been staged. */
export async function requireCandidate(ports: CandidatePorts, name: string | undefined): Promise<Snapshot> {
  return name === undefined ? await requireStaged(ports) : await requireOnceStaged(ports, name);
}

/** What nobody could test is not promoted, even by its name: that is what `publish` is for. */
async function requireOnceStaged(ports: CandidatePorts, name: string): Promise<Snapshot> {
  const snapshot = await requireSnapshot(ports, name);
  const history = await historyOrProblem(ports);
  if ((await isStaged(ports, name)) || stagedAsOf(history, name) !== undefined) return snapshot;
  const { id } = ports.mirror;
  const message = `snapshot ${name} of ${id} was never staged`;
  throw new SnapshotError(
    "NEVER_STAGED",
    "problem" in history
      ? `${message}, as far as is known: the history cannot be read: ${history.problem}`
      : message,
    { hint: `Stage it, test it, then promote it: mirrorctl snapshot stage ${id} ${name}` },
  );
}

export async function isStaged({ publisher }: Ports<"publisher">, name: string): Promise<boolean> {
  const shown = await publisher.read("staging");
  return shown.kind === "snapshot" && shown.name === name;
}

/** Returns when a snapshot was last staged, and by whom; undefined if the history does not say so. */
export const stagedAsOf = (history: HistoryOrProblem, name: string): Staged | undefined =>
  "problem" in history ? undefined : lastStaged(history.entries, name);

/** Throws a PromotionError unless a snapshot is still the one that was tested, and still staged if it was not named. */
export async function assertStillCandidate(
  { mirror: { id }, catalog, publisher }: CandidatePorts,
  tested: Snapshot,
  wasNamed: boolean,
): Promise<void> {
  const { name } = tested;
  const staged = wasNamed ? undefined : await publisher.read("staging");
  if (staged !== undefined && (staged.kind !== "snapshot" || staged.name !== name))
    throw changed(
      id,
      `staging of ${id} changed from ${name} to ${shownText(staged)} while ${name} was tested`,
    );
  const present = await catalog.find(name);
  if (present === undefined) throw changed(id, `snapshot ${name} of ${id} was deleted while it was tested`);
  if (!isDeepStrictEqual(present, tested))
    throw changed(id, `snapshot ${name} of ${id} was replaced while it was tested`);
}

/** For a snapshot that was tested against what production showed, or not at all since production showed it already. */
export const movedMeanwhile = (
  { mirror: { id } }: Ports<"mirror">,
  { name }: Snapshot,
  production: Shown,
): PromotionError =>
  changed(id, `production of ${id} moved to ${shownText(production)} while ${name} was tested`);

/** For a snapshot that was tested with what production of another mirror showed. */
export const movedBeside = (
  { ports: { mirror }, snapshot: { name } }: { readonly ports: Ports<"mirror">; readonly snapshot: Snapshot },
  { mirror: { id } }: Ports<"mirror">,
  production: Shown,
): PromotionError =>
  changed(
    mirror.id,
    `production of ${id} moved to ${shownText(production)} while ${name} of ${mirror.id} was tested beside it`,
  );

const changed = (id: string, message: string): PromotionError =>
  new PromotionError("STAGED_CHANGED", message, {
    hint: `Nothing was promoted. To test and promote what is staged now: mirrorctl snapshot promote ${id}`,
  });

function shownText(shown: Shown): string {
  switch (shown.kind) {
    case "none":
      return "nothing";
    case "snapshot":
      return shown.name;
    case "working-mirror":
      return "the working mirror";
    case "foreign":
      return shown.path;
  }
}
