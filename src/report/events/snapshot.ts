/** Making, staging and deleting snapshots. */

/** Why a snapshot is not replaced by another one of its name. */
export type KeptBecause =
  | { readonly kind: "in-production" }
  | { readonly kind: "was-in-production" }
  | { readonly kind: "linked"; readonly links: readonly string[] }
  | { readonly kind: "pinned"; readonly note: string | undefined }
  /** It has no record, so nothing says that mirrorctl made it. */
  | { readonly kind: "not-known" };

export type SnapshotEvent =
  | { readonly type: "snapshot-creating"; readonly name: string }
  /** The name that the layout makes was used already: the snapshot gets a number. `kept` is why --force does not free it. */
  | {
      readonly type: "snapshot-name-taken";
      readonly taken: string;
      readonly name: string;
      readonly kept: KeptBecause | undefined;
    }
  | {
      readonly type: "snapshot-created";
      readonly name: string;
      readonly how: "linked" | "copied";
      readonly sizeBytes: number;
    }
  | { readonly type: "snapshot-already-there"; readonly name: string }
  /** Of a tree on this disk. `remarks`: what is unusual about it, in sentences. */
  | {
      readonly type: "snapshot-imported";
      readonly name: string;
      readonly from: string;
      readonly remarks: readonly string[];
    }
  | { readonly type: "snapshot-import-refused"; readonly from: string; readonly error: unknown }
  /** Directories where trees of the past may be, but which cannot be looked into. */
  | {
      readonly type: "past-directories-unreadable";
      readonly directories: readonly { readonly path: string; readonly why: "denied" | "name-not-utf8" }[];
    }
  /** A sync found nothing new: the snapshot with the same contents stays the newest (skip_unchanged). */
  | { readonly type: "snapshot-kept"; readonly name: string }
  /** Somebody staged another snapshot since the newest was made: a sync with nothing new leaves it there. */
  | { readonly type: "staging-left"; readonly name: string }
  | { readonly type: "staging-publishing" }
  | { readonly type: "staging-updated"; readonly name: string }
  | { readonly type: "staging-unchanged"; readonly name: string }
  | { readonly type: "snapshot-pinned"; readonly name: string; readonly note: string | undefined }
  | { readonly type: "snapshot-pinned-already"; readonly name: string }
  | { readonly type: "snapshot-unpinned"; readonly name: string }
  | { readonly type: "snapshot-not-pinned"; readonly name: string }
  | { readonly type: "link-removed"; readonly link: "staging" | "production"; readonly name: string }
  | { readonly type: "snapshot-deleted"; readonly name: string }
  | { readonly type: "snapshot-delete-failed"; readonly name: string; readonly error: unknown };
