import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { SnapshotMeta } from "./meta.ts";

/** What tells snapshots of the same contents, as far as it is known. */
type Origin = Pick<SnapshotMeta, "facts" | "generation">;

/** True for snapshots of one sync, and of syncs that found the same Release files and had to select the same of them. */
export const haveSameContents = (a: Origin, b: Origin): boolean =>
  (a.generation !== undefined && a.generation === b.generation) ||
  (a.facts !== undefined && isDeepStrictEqual(a.facts, b.facts));

/**
 * Returns a text for the contents of a tree, for the history: the same for trees with the same facts, or without facts for
 * trees of the same sync. Undefined if neither is known.
 */
export function contentsOf({ facts, generation }: Origin): string | undefined {
  if (facts !== undefined)
    return `sha256:${createHash("sha256").update(JSON.stringify(facts, sortKeys)).digest("hex")}`;
  return generation === undefined ? undefined : `sync:${generation}`;
}

/** Records of files have the order in which a sync met them. */
const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
