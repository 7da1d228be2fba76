import type { Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { seenWith } from "./seen-with.ts";

/**
 * Returns when the mirror first had each of these files of a snapshot, by digest. What the record does not know is as old
 * as the snapshot.
 */
export async function firstSeenOf(
  { firstSeen, now }: Ports<"firstSeen" | "now">,
  { createdAt, meta: { generation, releases } }: Snapshot,
  digests: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Date>> {
  const recorded = await firstSeen.timesOf(digests);
  const atLeast = seenWith({ createdAt, generation, releases }, now());
  return new Map([...digests].map((digest) => [digest, recorded.get(digest) ?? atLeast]));
}
