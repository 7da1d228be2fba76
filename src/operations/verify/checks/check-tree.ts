import { hasCode } from "../../../errors.ts";
import { inodeIfAny } from "../../../platform/files.ts";
import { readCarried } from "../../../snapshot/index.ts";
import { checkContents } from "./check-contents.ts";
import { codesOfReading, type Findings, noFindings, type OpenTree, type VerifiableTree } from "./findings.ts";
import type { Verification } from "./verification.ts";

export interface CheckedTree {
  readonly tree: OpenTree;
  readonly findings: Findings;
  /** It was removed, or another has its name: nothing that was found says anything any longer. */
  readonly isGone: boolean;
  /** For this tree. */
  readonly readBytes: number;
}

/** Checks a tree that nobody is kept from removing meanwhile: a prune, or the next sync. */
export async function checkTree(verification: Verification, tree: VerifiableTree): Promise<CheckedTree> {
  const { digests } = verification;
  const readBefore = digests.readBytes;
  const open = { ...tree, carried: readCarried(tree.path) };
  const isThere = watch(verification, tree);
  const checked = (findings: Findings, isGone: boolean): CheckedTree => ({
    tree: open,
    findings,
    isGone,
    readBytes: digests.readBytes - readBefore,
  });
  try {
    const findings = await checkContents(verification, open);
    const isWhole = findings.damages.length + findings.faults.length === 0;
    return isWhole || isThere() ? checked(findings, false) : checked(noFindings, true);
  } catch (error) {
    verification.context.signal.throwIfAborted();
    if (!isThere()) return checked(noFindings, true);
    if (!hasCode(error, ...codesOfReading)) throw error;
    // A directory that a disk has lost, or that this user may not enter, says nothing of the other trees.
    const faults = [`it cannot be read: ${error.message}`];
    return checked({ ...noFindings, faults, isPartial: true }, false);
  }
}

/** Answers whether the tree is still the one that it is now, and shown where it is the working mirror. */
function watch({ context }: Verification, tree: VerifiableTree): () => boolean {
  const before = inodeIfAny(tree.path)?.id;
  return () => {
    if (before === undefined || inodeIfAny(tree.path)?.id !== before) return false;
    return !tree.isWorkingMirror || context.working.current()?.path === tree.path;
  };
}
