import { MirrorctlError } from "../../../errors.ts";
import type { Inode } from "../../../platform/look.ts";
import type { ListedContradiction } from "../../../report/events/verify.ts";
import type { DamageProblem } from "../../../report/words/verify/damage-problem.ts";
import type { TreeFault, TreeRemark } from "../../../report/words/verify/tree-remarks.ts";
import type { ListedFile, RepositoryPath, Suite } from "../../../repository/index.ts";
import type { VerifiableTree } from "./tree.ts";

/** A file of a tree that is missing, or that differs from what is listed. */
export interface Damage {
  readonly tree: VerifiableTree;
  readonly problem: DamageProblem;
  /** The expected file. Without digests: a signature file whose digest was not recorded. */
  readonly file: ListedFile;
  /** Paths of the file at upstream, below the base URL. */
  readonly sources: readonly RepositoryPath[];
  /** The file that exists instead. */
  readonly inode: Inode | undefined;
  /** Of a signature file. */
  readonly suite?: Suite | undefined;
}

/** What a check found, in a tree or in a part of it. */
export interface Findings {
  /** How many files were checked. */
  readonly files: number;
  readonly damages: readonly Damage[];
  readonly faults: readonly TreeFault[];
  readonly remarks: readonly TreeRemark[];
  /** Listed digests that are wrong, of files that are right by the digest that decides. Only with `allDigests`. */
  readonly contradictions: readonly ListedContradiction[];
  /** A list of files could not be read, so that not every file was checked. */
  readonly isPartial: boolean;
}

export const noFindings: Findings = {
  files: 0,
  damages: [],
  faults: [],
  remarks: [],
  contradictions: [],
  isPartial: false,
};

export function sumOf(parts: readonly Findings[]): Findings {
  return {
    files: parts.reduce((sum, { files }) => sum + files, 0),
    damages: parts.flatMap(({ damages }) => damages),
    faults: parts.flatMap(({ faults }) => faults),
    remarks: parts.flatMap(({ remarks }) => remarks),
    contradictions: parts.flatMap(({ contradictions }) => contradictions),
    isPartial: parts.some(({ isPartial }) => isPartial),
  };
}

/** Errors of reading a file that exists, from a bad disk or a missing permission: reported as findings, not thrown. */
export const codesOfReading = ["EIO", "EUCLEAN", "EACCES", "EPERM"] as const;

/**
 * Returns what a check finds. Metadata that has the right bytes and is refused is a fault: a sync accepted it once, so
 * the record of the tree must be wrong.
 */
export async function orFault<Found extends Findings>(
  check: () => Promise<Found>,
  otherwise: (fault: Findings) => Found,
): Promise<Found> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return otherwise({
      ...noFindings,
      faults: [{ kind: "metadata-refused", reason: error.message }],
      isPartial: true,
    });
  }
}
