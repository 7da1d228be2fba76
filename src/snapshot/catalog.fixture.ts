import { openCatalog } from "./catalog.ts";
import type { SnapshotOrigin } from "./describe-snapshot.ts";
import { directoryForTest, layoutIn, makeTree, smallTree } from "./test-support.ts";

export const never = new AbortController().signal;

export const origin = (name: string, createdAt = "2026-05-04T06:00:00.000Z"): SnapshotOrigin => ({
  name,
  createdAt: new Date(createdAt),
  generation: "20260504T030201.000Z",
  facts: undefined,
  counts: undefined,
  signers: new Map([["noble", ["871920D1991BC93C"]]]),
});

/** A mirror with one tree and no snapshot yet. */
export async function catalogForTest() {
  const directory = await directoryForTest();
  const layout = layoutIn(directory.path);
  const tree = makeTree(directory.join("tree"), smallTree);
  return { directory, layout, tree, catalog: openCatalog(layout, never) };
}
