import type { PlannedFile } from "../../plan/index.ts";
import { type Sha256, strongestDigest } from "../../repository/index.ts";
import type { SyncState } from "../../store/index.ts";
import type { Ports } from "../context.ts";
import { latestOf } from "./latest-of.ts";

/** A complete tree that nothing shows yet. */
interface NewTree {
  files(): Iterable<PlannedFile>;
  /** Those of `files` that the tree of the last sync lacks; undefined if that is not certain. */
  readonly added: readonly PlannedFile[] | undefined;
  /** Paths that upstream lists and does not have. */
  readonly lacking: ReadonlySet<string>;
  /** Of the Releases that list the files. */
  readonly releaseDates: readonly (Date | undefined)[];
}

/**
 * Records the files of a tree that the mirror has not had before, whether or not a gate asks for the age of packages yet.
 * Called once the tree is complete, and before anything shows it: if the run is killed in between, it has had the bytes.
 * What upstream only lists gets no age.
 */
export async function recordFirstSeen(
  { firstSeen, objects, now }: Ports<"firstSeen" | "objects" | "now">,
  tree: NewTree,
  state: SyncState | undefined,
): Promise<void> {
  const isRecorded = state?.firstSeenKept === true && tree.added !== undefined;
  const digests = digestsOf(isRecorded ? tree.added : tree.files(), tree.lacking);
  if (!isRecorded) for (const known of (await firstSeen.timesOf(digests)).keys()) digests.delete(known);
  // No clock that was set back makes bytes look older than the Release that lists them, or than the sync before.
  const completedAt = state === undefined ? undefined : new Date(state.completedAt);
  const at = latestOf(now(), completedAt, ...tree.releaseDates);
  if (!firstSeen.exists()) firstSeen.replace(new Map([...digests].map((digest) => [digest, at])));
  else if (digests.size > 0) firstSeen.add(digests, at);
  if (!(await firstSeen.hasDoubled())) return;
  const planned = digestsOf(tree.files(), new Set());
  await firstSeen.forget((digest) => planned.has(digest) || objects.has(digest as Sha256));
}

function digestsOf(files: Iterable<PlannedFile>, lacking: ReadonlySet<string>): Set<string> {
  const digests = new Set<string>();
  for (const { path, digests: listed } of files) {
    const digest = lacking.has(path) ? undefined : strongestDigest(listed);
    if (digest !== undefined) digests.add(digest);
  }
  return digests;
}
