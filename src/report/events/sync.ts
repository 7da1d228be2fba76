/** The course of a sync of one mirror. */

export type SyncEvent =
  | { readonly type: "sync-started" }
  /** A directory is read in place of upstream. `label`: what is written beside it about where it comes from. */
  | {
      readonly type: "upstream-replaced";
      readonly directory: string;
      readonly label: ExportLabel | undefined;
    }
  | { readonly type: "dry-run-started" }
  | {
      readonly type: "working-mirror-hidden";
      /** `<dir>/<id>`. */
      readonly root: string;
      readonly names: readonly string[];
    }
  /** The record of when files were first seen was missing, and was made again from the trees that there are. */
  | { readonly type: "first-seen-rebuilt"; readonly files: number; readonly trees: number }
  /** What only this tree holds has no record. */
  | { readonly type: "first-seen-unread"; readonly name: string; readonly error: unknown }
  | { readonly type: "sync-completed" }
  | { readonly type: "sync-failed"; readonly error: unknown }
  /** The log has one message for the whole interrupted run. */
  | { readonly type: "sync-interrupted" }
  /** Another run holds the lock of the mirror: nothing was done. */
  | { readonly type: "sync-locked"; readonly error: unknown }
  /** The same, and the caller expects that. */
  | { readonly type: "sync-left"; readonly reason: string }
  /** auth.conf can be read by others. */
  | { readonly type: "passwords-exposed"; readonly path: string };

/** What an export says of itself: a hint for people, as nothing vouches for it. */
export interface ExportLabel {
  readonly mirror: string;
  /** Undefined for a working mirror. */
  readonly snapshot: string | undefined;
  /** The snapshot whose files were left out. */
  readonly since: string | undefined;
  readonly exportedAt: Date;
}

/** How a sync of one or several mirrors ended. */
export interface SyncSummary {
  readonly type: "sync-ended";
  /** The directory that was read in place of upstream. */
  readonly from?: string | undefined;
  readonly elapsedMs: number;
  readonly synced: number;
  readonly unchanged: number;
  readonly failed: readonly string[];
  readonly locked: readonly string[];
  readonly interrupted: readonly string[];
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
}
