import type { Release } from "../../../repository/index.ts";
import type { Ports } from "../../context.ts";
import { type FoundTree, openFoundTree } from "../../trees/index.ts";

/** The Releases of a tree, by the name of the suite. */
export type ReleasesByName = ReadonlyMap<string, Release>;

/** Throws TREE_DAMAGED if the tree lacks a Release: an answer about the other suites would look complete. */
export function readReleases(
  ports: Ports<"mirror" | "signal" | "decoderCommands">,
  tree: FoundTree,
): ReleasesByName {
  const { contents } = openFoundTree(ports, tree);
  return new Map(contents.suites.map(({ suite, release }) => [suite.name, release]));
}
