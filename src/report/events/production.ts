/** Moves of production, and what prevents or endangers them. */
import type { ComparedDetails, HistoryEntry } from "../../history/index.ts";
import type { DamageFacts } from "../words/damage.ts";
import type { PromotionObjection } from "../words/objections.ts";
import type { PassedOver } from "../words/passed-over.ts";
import type { Deed } from "../words/when-and-why.ts";

export type ProductionEvent =
  /** What a promotion is about to change. `from` is in production. */
  | {
      readonly type: "promotion-changes";
      readonly name: string;
      readonly from: string;
      readonly changes: ComparedDetails;
    }
  | { readonly type: "comparison-failed"; readonly name: string; readonly error: unknown }
  | { readonly type: "production-freezing"; readonly name: string }
  /** Production was a snapshot and its link is gone: a sync without snapshots does not put the working mirror there. */
  | { readonly type: "production-left-missing"; readonly link: string }
  | {
      readonly type: "promotion-planned";
      readonly name: string;
      /** When staging was last pointed to it; undefined if the history does not say. */
      readonly staged: { readonly at: Date; readonly by: string } | undefined;
      /** Staging leads to it now. */
      readonly isStaged: boolean;
    }
  /** Newest first. `next` is the first that will be old enough. */
  | {
      readonly type: "snapshots-too-young";
      readonly names: readonly string[];
      readonly leastAgeMs: number;
      readonly next: string;
      readonly from: Date;
    }
  | { readonly type: "snapshot-passed-over"; readonly passedOver: PassedOver }
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
  /** publish and rollback do not refuse a damaged snapshot. */
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
  /** What the clients of the tree shown before may still request is linked into the new one. */
  | { readonly type: "files-carried"; readonly files: number; readonly graceMs: number }
  /** The disk is full, or `reason`: clients in the middle of an update may have to repeat it. */
  | { readonly type: "files-not-carried"; readonly reason: string | undefined }
  /** Clients keep their newer lists. */
  | { readonly type: "release-goes-back"; readonly name: string; readonly suites: readonly string[] }
  | {
      readonly type: "release-expires";
      readonly name: string;
      readonly suite: string;
      readonly validUntil: Date;
      /** Zero or less: it has expired. */
      readonly leftMs: number;
    }
  | { readonly type: "production-restored"; readonly action: "promote" | "publish" | "rollback" }
  /** After a failure; production may show `name`. */
  | { readonly type: "production-not-restored"; readonly name: string; readonly reason: string }
  /** A kill or a power cut came between the move and the line that ends it. */
  | {
      readonly type: "cut-off-move-found";
      readonly action: HistoryEntry["action"];
      readonly at: Date;
      readonly by: string;
      readonly hasMoved: boolean;
    };
