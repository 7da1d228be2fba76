/** What a check or a repair of trees finds. */

import type { DamageProblem } from "../words/verify/damage-problem.ts";
import type { LeftReason } from "../words/verify/left-damaged.ts";
import type { TreeFault, TreeRemark } from "../words/verify/tree-remarks.ts";

/** A digest that `source`, an index, lists of a file whose bytes have another one. */
export interface ListedContradiction {
  readonly path: string;
  readonly source: string;
  readonly algorithm: string;
  readonly listed: string;
  readonly found: string;
}

export type VerifyEvent =
  | { readonly type: "verify-started"; readonly name: string }
  | { readonly type: "reading-planned"; readonly files: number; readonly sizeBytes: number }
  | { readonly type: "reading-progressed"; readonly sizeBytes: number }
  | { readonly type: "file-read" }
  | { readonly type: "reading-ended" }
  | {
      readonly type: "damage-found";
      readonly name: string;
      readonly path: string;
      readonly problem: DamageProblem;
    }
  | { readonly type: "fault-found"; readonly name: string; readonly fault: TreeFault }
  /** A tree that was not checked has damaged files of one that was. */
  | {
      readonly type: "damage-shared";
      readonly name: string;
      readonly from: string;
      readonly files: number;
    }
  /** The next sync may link the damaged files, because this user cannot mark them. */
  | { readonly type: "damage-unmarked"; readonly reason: string; readonly dir: string }
  | {
      readonly type: "damage-repaired";
      readonly name: string;
      readonly path: string;
      readonly from: "store" | "tree" | "upstream";
      readonly names: number;
    }
  | {
      readonly type: "damage-left";
      readonly name: string;
      readonly path: string;
      readonly problem: DamageProblem;
      readonly because: LeftReason;
    }
  /** A name in a tree that was not verified could not be replaced. */
  | { readonly type: "shared-damage-left"; readonly path: string; readonly reason: string }
  /** `path`, in a tree that was not verified, shares the inode of `damaged`, and may be right there. */
  | { readonly type: "shared-name-left"; readonly path: string; readonly damaged: string }
  /** The damaged file has names outside the trees of this configuration. */
  | {
      readonly type: "names-elsewhere";
      readonly path: string;
      readonly names: number;
      readonly dir: string;
      readonly inode: string;
    }
  /** Only so many damages of a tree have an event of their own; these are the others. */
  | {
      readonly type: "more-damages";
      readonly name: string;
      readonly what: "found" | "repaired" | "left";
      readonly more: number;
    }
  | { readonly type: "verify-remarked"; readonly name: string; readonly remark: TreeRemark }
  /** Only the owner can read what the last sync was asked for: it is taken from the configuration. */
  | { readonly type: "sync-facts-unreadable" }
  | {
      readonly type: "contradictions-found";
      readonly name: string;
      readonly contradictions: readonly ListedContradiction[];
    }
  | {
      readonly type: "verify-ended";
      readonly name: string;
      readonly result: "whole" | "repaired" | "damaged" | "gone";
      readonly files: number;
      readonly readBytes: number;
      /** Files that are still damaged, and faults of the tree as a whole. */
      readonly damaged: number;
      /** No repair was tried of some of it. */
      readonly isUntried: boolean;
      readonly isWorkingMirror: boolean;
    };
