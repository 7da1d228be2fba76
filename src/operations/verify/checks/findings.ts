import type { TreeFacts } from "../../../contents/index.ts";
import { MirrorctlError } from "../../../errors.ts";
import type { Inode } from "../../../platform/files.ts";
import type { DigestAlgorithm, ListedFile, RepositoryPath } from "../../../repository/index.ts";
import type { CarriedFiles } from "../../../snapshot/index.ts";

/** A snapshot, or the generation that is the working mirror. */
export interface VerifiableTree {
  readonly name: string;
  readonly path: string;
  readonly isWorkingMirror: boolean;
  /** Its record says that mirrorctl made it, or it was asked for by its name: it may be repaired. */
  readonly isOurs: boolean;
  readonly madeAt: Date;
  /** Undefined where nobody recorded them. */
  readonly facts: TreeFacts | undefined;
  /** As far as they are recorded, or can be read: the suites of the tree, and the Date of each one's Release. */
  readonly releases: ReadonlyMap<string, string | undefined>;
}

/** What stands in it beside its own files is no part of it. */
export interface OpenTree extends VerifiableTree {
  readonly carried: CarriedFiles;
}

/** A file of a tree that is missing, or not what it has to be. */
export interface Damage {
  /** In words, beginning with the path. */
  readonly problem: string;
  /** What has to stand there. Without digests: a signature file of which nobody recorded any. */
  readonly file: ListedFile;
  /** Where upstream has it, or had it, below the base URL. */
  readonly sources: readonly RepositoryPath[];
  /** What stands there instead. */
  readonly inode: Inode | undefined;
  /** Of a signature file. */
  readonly suite?: string | undefined;
}

/** Bytes that the deciding digest names, while an index lists another digest that is not theirs: no damage. */
export interface Contradiction {
  readonly path: string;
  /** The index. */
  readonly source: string;
  readonly algorithm: DigestAlgorithm;
  readonly listed: string;
  readonly found: string;
}

export interface Findings {
  /** How many files were looked at. */
  readonly files: number;
  readonly damages: readonly Damage[];
  /** What keeps the tree from being vouched for, and no other bytes would mend: each in words. */
  readonly faults: readonly string[];
  /** What explains itself, and what somebody may want to know. */
  readonly remarks: readonly string[];
  /** Looked for with `allDigests` alone. */
  readonly contradictions: readonly Contradiction[];
  /** Something that lists files could not be read, so that not every file was looked at. */
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

/** What reading something fails with that is there: a disk that has lost it, a user who may not. It is found, not thrown. */
export const codesOfReading = ["EIO", "EUCLEAN", "EACCES", "EPERM"] as const;

/**
 * What a check finds. That metadata whose bytes are right is refused is a fault: a sync has taken it once, so that what
 * is recorded of the tree must be wrong.
 */
export async function orFault<Found extends Findings>(
  check: () => Promise<Found>,
  otherwise: (fault: Findings) => Found,
): Promise<Found> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return otherwise({ ...noFindings, faults: [error.message], isPartial: true });
  }
}
