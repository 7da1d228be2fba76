import type { TreeFacts } from "../../../contents/index.ts";
import type { CarriedFiles } from "../../../snapshot/index.ts";

/** A snapshot, or the generation that is the working mirror. */
export interface VerifiableTree {
  readonly name: string;
  readonly path: string;
  readonly isWorkingMirror: boolean;
  /** Its record says that mirrorctl made it, or the user named it: it may be repaired. */
  readonly isOurs: boolean;
  readonly madeAt: Date;
  /** The generation that it is, or is a snapshot of; undefined if that is not recorded. */
  readonly generation: string | undefined;
  /** Undefined if they were not recorded. */
  readonly facts: TreeFacts | undefined;
  /** The suites of the tree, each with the Date of its Release, as far as they are recorded or can be read. */
  readonly releases: ReadonlyMap<string, string | undefined>;
}

export interface OpenTree extends VerifiableTree {
  /** Files beside its own, which do not belong to it. */
  readonly carried: CarriedFiles;
}
