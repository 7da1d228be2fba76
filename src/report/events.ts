/** What operations tell while they work. The core emits these; renderers make text, JSON or bars of them. */

import type { NewerHistory } from "../history/index.ts";
import type { FreeSpace, Shortage, Space, SuiteNote, VariantLeftOut } from "../plan/index.ts";
import type { ReleaseRemark } from "../repository/index.ts";
import type { DamageFacts } from "./words/damage.ts";
import type { PromotionObjection } from "./words/objections.ts";
import type { Deed } from "./words/when-and-why.ts";

interface OfMirror {
  readonly mirror: string;
}

/** A digest that `source`, an index, lists of a file whose bytes have another one. */
export interface ListedContradiction {
  readonly path: string;
  readonly source: string;
  readonly algorithm: string;
  readonly listed: string;
  readonly found: string;
}

/** A package that an index, `source`, lists at a line under a path which is not UTF-8; one character a byte. */
export interface UnnamedPackage {
  readonly source: string;
  readonly line: number;
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/** Why a snapshot is not replaced by another one of its name. */
export type KeptBecause =
  | { readonly kind: "in-production" }
  | { readonly kind: "was-in-production" }
  | { readonly kind: "linked"; readonly links: readonly string[] }
  /** It has no record, so that nothing says that mirrorctl made it. */
  | { readonly kind: "not-known" };

export type MirrorEvent = OfMirror &
  (
    | { readonly type: "sync-started" }
    | { readonly type: "dry-run-started" }
    | { readonly type: "release-requested"; readonly suite: string }
    | { readonly type: "signature-valid"; readonly suite: string; readonly keyIds: readonly string[] }
    | { readonly type: "suite-noted"; readonly suite: string; readonly note: SuiteNote }
    | ({
        readonly type: "variant-left-out";
        /** What the configuration would have to select. */
        readonly architectures: readonly string[];
      } & VariantLeftOut)
    | {
        readonly type: "signer-changed";
        /** Of the Release. */
        readonly path: string;
        /** Fingerprints that the Release held names. */
        readonly expected: readonly string[];
        readonly found: readonly string[];
        /** Until then the Release held counts for clients. */
        readonly validUntil: Date;
      }
    | { readonly type: "release-remarked"; readonly path: string; readonly remark: ReleaseRemark }
    /** One of several base URLs has a Release that is out of date or damaged. */
    | { readonly type: "release-refused"; readonly url: string; readonly reason: string }
    /** Of several base URLs, this one has the newest Release that verifies. */
    | {
        readonly type: "release-taken";
        readonly suite: string;
        readonly url: string;
        readonly date: Date | undefined;
      }
    | { readonly type: "upstream-unchanged" }
    | {
        readonly type: "upstream-moved";
        readonly reason: string;
        /** What the reason announces, one line each. */
        readonly items: readonly string[];
        readonly attempt: number;
        readonly waitMs: number;
      }
    /** Listed under paths that are not UTF-8, which no file can have here: these packages are left out. */
    | { readonly type: "packages-unnamed"; readonly packages: readonly UnnamedPackage[] }
    /** Upstream lists files that it does not have, and allow_missing publishes without them. */
    | { readonly type: "files-missing"; readonly problem: string; readonly files: readonly string[] }
    | {
        readonly type: "request-retried";
        readonly url: string;
        /** Names the URL. */
        readonly reason: string;
        readonly attempt: number;
        readonly waitMs: number;
        /** The upstream that is asked instead. */
        readonly next?: string;
      }
    | {
        readonly type: "transfer-planned";
        readonly files: number;
        readonly sizeBytes: number;
        readonly heldFiles: number;
      }
    | { readonly type: "transfer-progressed"; readonly sizeBytes: number }
    | { readonly type: "file-fetched"; readonly path: string; readonly sizeBytes: number }
    | { readonly type: "transfer-ended" }
    | {
        readonly type: "disk-space-estimated";
        readonly sizeBytes: number;
        readonly missingBytes: number;
        readonly freeBytes: number;
      }
    | {
        readonly type: "space-needed";
        readonly path: string;
        readonly needed: Space;
        readonly free: FreeSpace;
      }
    /** What does not fit of these mirrors, alone or together. */
    | {
        readonly type: "space-lacking";
        readonly mirrors: readonly string[];
        readonly path: string;
        readonly shortage: Shortage;
      }
    | {
        readonly type: "working-mirror-hidden";
        /** `<dir>/<id>`. */
        readonly root: string;
        readonly names: readonly string[];
      }
    | { readonly type: "production-freezing"; readonly name: string }
    | { readonly type: "sync-completed" }
    | { readonly type: "sync-failed"; readonly error: unknown }
    /** The log has one message for the whole run that was interrupted. */
    | { readonly type: "sync-interrupted" }
    /** Another run holds the lock of the mirror: nothing was done. */
    | { readonly type: "sync-locked"; readonly error: unknown }
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
    /** A sync brought nothing new: the snapshot that has the same contents stays the newest (skip_unchanged). */
    | { readonly type: "snapshot-kept"; readonly name: string }
    /** Somebody staged another snapshot since the newest was made: a sync with nothing new leaves it there. */
    | { readonly type: "staging-left"; readonly name: string }
    /** Production was a snapshot and its link is gone: a sync without snapshots does not put the working mirror there. */
    | { readonly type: "production-left-missing"; readonly link: string }
    | { readonly type: "staging-publishing" }
    | { readonly type: "staging-updated"; readonly name: string }
    | { readonly type: "staging-unchanged"; readonly name: string }
    | {
        readonly type: "promotion-planned";
        readonly name: string;
        /** When staging was last pointed to it; undefined where the history does not say. */
        readonly staged: { readonly at: Date; readonly by: string } | undefined;
        /** Staging leads to it now. */
        readonly isStaged: boolean;
      }
    | ({
        readonly type: "replaced-snapshot-returns";
        readonly name: string;
        /** The name under which it was in production: its own, or that of one with the same contents. */
        readonly as: string;
        /** What a publish put in its place. */
        readonly older: string;
      } & Deed)
    | { readonly type: "promotion-started"; readonly name: string; readonly isStaged: boolean }
    | {
        readonly type: "objection-overridden";
        readonly name: string;
        readonly objection: PromotionObjection;
      }
    /** What is published, or gone back to, is not refused for that. */
    | { readonly type: "known-damage"; readonly name: string; readonly damage: DamageFacts }
    /** A publication or a rollback puts into production what was rolled back. */
    | ({
        readonly type: "rolled-back-returns";
        readonly name: string;
        /** The name that it was rolled back under, if that is another snapshot with the same contents. */
        readonly as: string | undefined;
      } & Deed)
    | { readonly type: "rollback-started"; readonly from: string | undefined }
    | {
        readonly type: "predecessors-gone";
        /** Nearest first; without a deed the history does not say who removed it. */
        readonly gone: readonly { readonly name: string; readonly deletion: Deed | undefined }[];
        /** The nearest one that still exists. */
        readonly goal: string;
      }
    | { readonly type: "production-unchanged"; readonly name: string }
    | { readonly type: "publication-started"; readonly name: string }
    | { readonly type: "production-updated"; readonly name: string }
    | { readonly type: "link-removed"; readonly link: "staging" | "production"; readonly name: string }
    | { readonly type: "snapshot-deleted"; readonly name: string }
    | { readonly type: "snapshot-delete-failed"; readonly name: string; readonly error: unknown }
    | { readonly type: "space-freed"; readonly objects: number; readonly sizeBytes: number }
    | { readonly type: "verify-started"; readonly name: string }
    | { readonly type: "reading-planned"; readonly files: number; readonly sizeBytes: number }
    | { readonly type: "reading-progressed"; readonly sizeBytes: number }
    | { readonly type: "file-read" }
    | { readonly type: "reading-ended" }
    | { readonly type: "damage-found"; readonly name: string; readonly problem: string }
    /** A tree that was not checked has damaged files of one that was. */
    | {
        readonly type: "damage-shared";
        readonly name: string;
        readonly from: string;
        readonly files: number;
      }
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
        readonly problem: string;
        readonly reason: string;
        readonly todo: string;
      }
    /** Only so many damages of a tree have an event of their own; these are the others. */
    | {
        readonly type: "more-damages";
        readonly name: string;
        readonly what: "found" | "repaired" | "left";
        readonly more: number;
      }
    | { readonly type: "verify-remarked"; readonly name: string; readonly remark: string }
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
        /** Of those that are still damaged, or cannot be vouched for. */
        readonly damaged: number;
        /** What to do about it. */
        readonly todo: string | undefined;
      }
    | { readonly type: "warning"; readonly message: string }
    | { readonly type: "detail"; readonly message: string }
  );

export type Emit = (event: MirrorEvent) => void;

/** What concerns a run as a whole. */
export type RunEvent = SyncSummary | ({ readonly type: "history-newer" } & NewerHistory);

/** How a sync of one or several mirrors ended. */
export interface SyncSummary {
  readonly type: "sync-ended";
  readonly elapsedMs: number;
  readonly synced: number;
  readonly unchanged: number;
  readonly failed: readonly string[];
  readonly locked: readonly string[];
  readonly interrupted: readonly string[];
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
}
