import { hasCode } from "../../../errors.ts";
import { inodeIfAny } from "../../../platform/look.ts";
import { readCarried } from "../../../snapshot/index.ts";
import { checkContents } from "./check-contents.ts";
import { codesOfReading, type Findings, noFindings } from "./findings.ts";
import type { VerifiableTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

export interface CheckedTree {
  readonly tree: VerifiableTree;
  readonly findings: Findings;
  /** It was removed or replaced during the check, so that there are no findings. */
  readonly isGone: boolean;
  /** How many bytes this check read. */
  readonly readBytes: number;
}

/** Checks a tree. No lock is held: a prune or the next sync may remove the tree at any time. */
export async function checkTree(verification: Verification, tree: VerifiableTree): Promise<CheckedTree> {
  const { digests, signal } = verification;
  const readBefore = digests.readBytes;
  const isStillThere = watch(verification, tree);
  const checked = (findings: Findings, isGone: boolean): CheckedTree => ({
    tree,
    findings,
    isGone,
    readBytes: digests.readBytes - readBefore,
  });
  try {
    const findings = await checkContents(verification, { ...tree, carried: readCarried(tree.path) });
    const isWhole = findings.damages.length + findings.faults.length === 0;
    return isWhole || isStillThere() ? checked(findings, false) : checked(noFindings, true);
  } catch (error) {
    signal.throwIfAborted();
    if (!isStillThere()) return checked(noFindings, true);
    if (!hasCode(error, ...codesOfReading)) throw error;
    // A directory that the disk has lost, or that this user may not enter, must not end the check of other trees.
    const faults = [{ kind: "unreadable", reason: error.message }] as const;
    return checked({ ...noFindings, faults, isPartial: true }, false);
  }
}

/** Returns whether the tree is still the one of this moment, and still shown if it is the working mirror. */
function watch({ working }: Verification, tree: VerifiableTree): () => boolean {
  const before = inodeIfAny(tree.path)?.id;
  return () => {
    if (before === undefined || inodeIfAny(tree.path)?.id !== before) return false;
    return !tree.isWorkingMirror || working.current()?.path === tree.path;
  };
}
