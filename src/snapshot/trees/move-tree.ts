import { dirname, join } from "node:path";
import { hasCode } from "../../errors.ts";
import { makeDirectory, movePath, removeEmptyDirectory, syncDirectory } from "../../platform/files.ts";
import { listDirectory } from "../../platform/look.ts";

/**
 * Moves what a tree has into a new directory, whose birth is then the birth of the snapshot: should its record be lost, that
 * tells its age. The tree gets the name `aside` first: under its own, it never lacks files. Returns false, and leaves it, if
 * that is on another file system.
 */
export function moveTree(
  tree: string,
  { aside, target }: Readonly<Record<"aside" | "target", string>>,
): boolean {
  try {
    movePath(tree, aside);
  } catch (error) {
    if (hasCode(error, "EXDEV")) return false;
    throw error;
  }
  syncDirectory(dirname(tree));
  makeDirectory(target);
  for (const { name } of listDirectory(aside)) movePath(join(aside, name), join(target, name));
  syncDirectory(target);
  removeEmptyDirectory(aside);
  return true;
}
