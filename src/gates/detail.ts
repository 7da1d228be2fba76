import type { ChangeKind } from "../changes/index.ts";
import type { Cause, Culprit } from "../installability/index.ts";

/** One thing that a gate found, as facts. Times are ISO texts, since details are stored as JSON. */
export type Detail =
  /** What kept a gate from measuring. `hint` says what to do about it. */
  | { readonly kind: "problem"; readonly reason: string; readonly hint?: string | undefined }
  /** A file of the tree that is missing or damaged. */
  | { readonly kind: "damaged-file"; readonly path: string; readonly reason: string }
  /** A package that the tree lacks. */
  | { readonly kind: "package-missing"; readonly name: string }
  /** An architecture, or a variant of it, of which production has packages that the snapshot lacks. */
  | {
      readonly kind: "packages-removed";
      readonly architecture: string;
      readonly before: number;
      readonly removed: number;
      /** The first of them. */
      readonly names: readonly string[];
    }
  /** The newest version of a package is older than that in production. */
  | {
      readonly kind: "downgraded";
      readonly name: string;
      readonly architecture: string;
      readonly before: string;
      readonly after: string;
    }
  /** A package has other bytes than in production. */
  | {
      readonly kind: "changed-bytes";
      readonly name: string;
      readonly version: string;
      readonly architecture: string;
      readonly suite: string;
      readonly before: string;
      readonly after: string;
    }
  /** A field of the Release of a suite differs from production. */
  | {
      readonly kind: "release-renamed";
      readonly suite: string;
      readonly field: string;
      readonly before?: string | undefined;
      readonly after?: string | undefined;
    }
  /** The Date of a Release; undefined if it has none. */
  | { readonly kind: "release-date"; readonly suite: string; readonly date?: string | undefined }
  | { readonly kind: "valid-until"; readonly suite: string; readonly validUntil: string }
  /** Staging shows these contents since then, or showed them until `until`. */
  | { readonly kind: "staged"; readonly since: string; readonly until?: string | undefined }
  | { readonly kind: "never-staged" }
  /** A package that the mirror has not had for long enough. */
  | {
      readonly kind: "too-young";
      readonly name: string;
      readonly version: string;
      readonly architecture: string;
      readonly source: string;
      readonly firstSeen: string;
      readonly oldEnoughFrom: string;
      /** It was first seen in the future: the clock is behind, or was ahead. */
      readonly isAhead: boolean;
    }
  /** A line of apt. `machine` is an architecture, a variant, or the name of a profile. */
  | { readonly kind: "apt-says"; readonly machine: string; readonly line: string }
  /** What a machine loses by an upgrade from the snapshot, and not by one from production. */
  | {
      readonly kind: "upgrade-loss";
      readonly profile: string;
      readonly loss: "removed" | "kept-back" | "downgraded";
      readonly name: string;
      /** What the machine has; for a downgrade, after an upgrade from production. */
      readonly version: string;
      /** The newest version of the snapshot; undefined for what is removed. */
      readonly offered?: string | undefined;
    }
  | {
      readonly kind: "command";
      /** Its place in the configuration, from 1. Its arguments may be secret. */
      readonly position: number;
      readonly program: string;
      readonly end: "passed" | "failed" | "not-yet" | "timed-out" | "killed" | "not-started";
      /** The exit status, the signal, or why it was not started. */
      readonly status: string;
      /** What it wrote, stdout before stderr: 64 kB of the start and of the end of each. */
      readonly output: string;
    }
  /** `counts`: the approval of the person who promotes does not. */
  | { readonly kind: "approval"; readonly by: string; readonly at: string; readonly counts: boolean }
  /** A package that machines of one kind cannot install. */
  | ({
      readonly kind: "uninstallable";
      readonly name: string;
      readonly version: string;
      /** Not in production, so that nothing got worse. */
      readonly isNew: boolean;
      /** It may be uninstallable, as the criterion says. */
      readonly isIgnored: boolean;
      readonly cause?: Cause | undefined;
      /** Undefined if no change explains it. */
      readonly change?: CausingChange | undefined;
      /** How many more packages the same change breaks. */
      readonly alsoBreaks?: number | undefined;
    } & OnMachine)
  /** Packages that machines of one kind cannot install together. */
  | ({ readonly kind: "not-together"; readonly cause: Cause } & OnMachine)
  /** The search took too long. `name` is absent if several packages were asked for. */
  | ({
      readonly kind: "undetermined";
      readonly name?: string | undefined;
      readonly version?: string | undefined;
    } & OnMachine);

interface OnMachine {
  /** The architecture of the machine, or the variant. */
  readonly machine: string;
}

/** The change of a package that made another one uninstallable. */
export interface CausingChange {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly architecture: string;
  /** The version before. Undefined if it was added. */
  readonly before?: string | undefined;
  /** The version now. Undefined if it was removed. */
  readonly after?: string | undefined;
  /** What it has to do with it, see `Culprit`. */
  readonly role: Culprit["role"];
  readonly relation: string;
}

/** More would fill the screen and the disk. `more` counts the others. */
export const detailsMax = 100;
