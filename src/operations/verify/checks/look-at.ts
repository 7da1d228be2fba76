import { join } from "node:path";
import { type Inode, inodeIfAny } from "../../../platform/look.ts";
import type { DamageProblem } from "../../../report/words/verify/damage-problem.ts";
import type { ListedFile, RepositoryPath } from "../../../repository/index.ts";
import type { Damage } from "./findings.ts";
import type { InodeDigests } from "./inode-digests.ts";
import type { OpenTree } from "./tree.ts";

/** A file that exists with its size, or what is wrong with it. */
type Look =
  | { readonly kind: "there"; readonly inode: Inode }
  | { readonly kind: "missing" | "damaged"; readonly damage: Damage };

/** Checks a file of a tree without reading it. */
export function lookAt(
  tree: OpenTree,
  file: ListedFile,
  sources: readonly RepositoryPath[] = [file.path],
): Look {
  const { path, sizeBytes } = file;
  const inode = inodeIfAny(`${tree.path}/${path}`); // join() takes as long as the look
  const damage = (problem: DamageProblem, found?: Inode): Damage => ({
    tree,
    problem,
    file,
    sources,
    inode: found,
  });
  if (inode === undefined) return { kind: "missing", damage: damage({ kind: "missing", isCarried: false }) };
  // The file that exists is a good one of another tree.
  if (tree.carried.has(path))
    return { kind: "missing", damage: damage({ kind: "missing", isCarried: true }) };
  if (!inode.isFile) return { kind: "damaged", damage: damage({ kind: "not-a-file" }, inode) };
  if (sizeBytes !== undefined && inode.sizeBytes !== sizeBytes) {
    const problem = { kind: "size-differs", sizeBytes: inode.sizeBytes, expectedBytes: sizeBytes } as const;
    return { kind: "damaged", damage: damage(problem, inode) };
  }
  return { kind: "there", inode };
}

/** Checks a file of a tree, and reads it. Returns undefined if it is right. */
export async function readThrough(
  digests: InodeDigests,
  tree: OpenTree,
  file: ListedFile,
  sources: readonly RepositoryPath[] = [file.path],
): Promise<Damage | undefined> {
  const look = lookAt(tree, file, sources);
  if (look.kind !== "there") return look.damage;
  const { inode } = look;
  const problem = await digests.problemOf(join(tree.path, file.path), inode, file);
  return problem === undefined ? undefined : { tree, problem, file, sources, inode };
}
