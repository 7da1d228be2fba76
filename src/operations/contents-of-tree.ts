import { createHash } from "node:crypto";
import type { Snapshot } from "../snapshot/index.ts";

/**
 * A text for the contents of a tree, for the history: the same for trees with the same facts. Without facts, of the sync
 * that made it; undefined where neither is known.
 */
export function contentsOfTree({
  facts,
  generation,
}: Pick<Snapshot["meta"], "facts" | "generation">): string | undefined {
  if (facts !== undefined)
    return `sha256:${createHash("sha256").update(JSON.stringify(facts, sortKeys)).digest("hex")}`;
  return generation === undefined ? undefined : `sync:${generation}`;
}

/** Records of files have the order in which a sync met them. */
const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
