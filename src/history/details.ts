import type { ChangeCounts } from "../changes/index.ts";
import type { VerdictKind } from "../gates/index.ts";

/** The facts of a line of the history beside its names. Stored as JSON. */
export type HistoryDetails =
  | SyncedDetails
  | ExportedDetails
  | CreatedDetails
  | UnlinkedDetails
  | VerifyDetails
  | TestedDetails
  | ComparedDetails
  | ApprovedDetails;

/** A sync succeeded. Lines of earlier builds have this only if something was new. */
export interface SyncedDetails {
  readonly kind: "synced";
  readonly elapsedMs: number;
  /** What was downloaded, or copied from `directory`. */
  readonly files: number;
  readonly sizeBytes: number;
  /** What was read in place of upstream. */
  readonly directory?: string | undefined;
}

/** A tree was copied for a mirror that cannot reach upstream. */
export interface ExportedDetails {
  readonly kind: "exported";
  readonly directory: string;
  /** The snapshot whose files were left out. */
  readonly since?: string | undefined;
  /** What was copied. */
  readonly files: number;
  readonly sizeBytes: number;
}

/** A snapshot was made. */
export interface CreatedDetails {
  readonly kind: "created";
  /** Lines from before version 1 lack the counts. */
  readonly packages?: number | undefined;
  readonly sizeBytes?: number | undefined;
  /** Equal for snapshots of equal contents; undefined if it was not known. */
  readonly contents?: string | undefined;
  /** It was imported from there. */
  readonly directory?: string | undefined;
}

/** A public link was removed. */
export interface UnlinkedDetails {
  readonly kind: "unlinked";
  readonly link: "staging" | "production";
}

/** Gates were run on a snapshot. */
export interface TestedDetails {
  readonly kind: "tested";
  readonly verdict: VerdictKind;
  readonly gates: readonly {
    readonly gate: string;
    readonly verdict: VerdictKind;
    /** In the unit of the gate's limit. */
    readonly measured?: number | undefined;
    /** The limit of that time, as a text for people. Lines of earlier versions lack it. */
    readonly allowed?: string | undefined;
    readonly seconds: number;
  }[];
}

/** A snapshot was compared with the one in production: what its promotion would change. */
export interface ComparedDetails {
  readonly kind: "compared";
  readonly counts: ChangeCounts;
  /** Such as "bash 5.2 -> 5.1", at most twenty; the counts are complete. */
  readonly removed: readonly string[];
  readonly downgraded: readonly string[];
  /** Sources with a new version, and how many of their changelogs could not be read. */
  readonly sources: number;
  readonly unread: number;
  /** The highest one of the new versions, such as "high". */
  readonly urgency?: string | undefined;
  /** Those that the changelogs of the new versions name; at most 10,000. */
  readonly cves: readonly string[];
}

/** A person approved a snapshot. */
export interface ApprovedDetails {
  readonly kind: "approved";
  /** Equal for snapshots of equal contents; undefined if it was not known. */
  readonly contents?: string | undefined;
}

/** What a check says of one tree. Lists of paths have at most 1,000 items; the counts beside them are complete. */
export type VerifyDetails = CheckedDetails | SharedDamageDetails | SharedRepairDetails;

/** The tree was checked. */
export interface CheckedDetails {
  readonly kind: "checked";
  /** Every file was read, not only its size. */
  readonly deep: boolean;
  /** A damaged index or signature kept files from being checked. */
  readonly partial: boolean;
  readonly files: number;
  /** Still damaged, including one for each of `faults`. */
  readonly damaged: number;
  readonly damagedPaths: readonly string[];
  readonly repairedPaths: readonly string[];
  /** Why the tree as a whole cannot be trusted, such as a missing signature. */
  readonly faults: readonly string[];
}

/** Another tree was checked, and this one shares these damaged files. */
export interface SharedDamageDetails {
  readonly kind: "damage-shared";
  readonly deep: boolean;
  readonly from: string;
  readonly damaged: number;
  readonly damagedPaths: readonly string[];
}

/** Another tree was repaired, and this one shares these files. */
export interface SharedRepairDetails {
  readonly kind: "repair-shared";
  readonly from: string;
  readonly repaired: number;
  readonly repairedPaths: readonly string[];
}
