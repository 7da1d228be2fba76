import { basename } from "node:path";
import { parseRelease, type Release, type RepositoryPath, type Suite } from "../repository/index.ts";
import { readUnverifiedInRelease } from "../trust/index.ts";
import type { TreeFiles } from "./tree-files.ts";

/**
 * Returns the Release of a suite from the file that clients read: InRelease, or Release if there is none. Undefined if the
 * tree has neither. The signature is not verified: the sync did that before it made the tree, and `verify` repeats it.
 */
export function readSuiteRelease(tree: Pick<TreeFiles, "read">, suite: Suite): Release | undefined {
  return readRelease(tree, suite.path("InRelease")) ?? readRelease(tree, suite.path("Release"));
}

/** The same of one file. */
export function readRelease(tree: Pick<TreeFiles, "read">, path: RepositoryPath): Release | undefined {
  const bytes = tree.read(path);
  if (bytes === undefined) return undefined;
  const isInline = basename(path) === "InRelease";
  const text = isInline ? readUnverifiedInRelease(bytes).text : Buffer.from(bytes).toString("latin1");
  return parseRelease(text, path);
}
