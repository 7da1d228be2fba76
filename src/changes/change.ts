import type { PackageBuild } from "./package-build.ts";

/** Where indices list packages. */
export interface Place {
  readonly suite: string;
  /** The directory of the index in the suite: "main", "main/debian-installer". Undefined in a flat suite. */
  readonly section: string | undefined;
  /** The architecture or variant of the index; "source" for Sources. Undefined for Packages of a flat suite. */
  readonly architecture: string | undefined;
}

/**
 * - `added`, `removed`: no version of the package was there before, or is there now.
 * - `upgraded`, `downgraded`: the newest version is newer or older, in the order of dpkg.
 * - `rebuilt`: the newest version is another one of the same version of the source.
 * - `changed-bytes`: the version is the same and the file is another one.
 * - `moved`: the same file is listed in another suite or section.
 * - `version-added`, `version-removed`: a version beside the newest one.
 */
export const changeKinds = [
  "downgraded",
  "removed",
  "changed-bytes",
  "upgraded",
  "rebuilt",
  "added",
  "moved",
  "version-added",
  "version-removed",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** The kinds that a person should look at first. */
export const riskyKinds: readonly ChangeKind[] = ["downgraded", "removed", "changed-bytes"];

/** How one package of one index differs. */
export interface IndexChange {
  readonly kind: ChangeKind;
  /** Where the package is now; for what is removed, where it was. */
  readonly place: Place;
  /** Where it was before, if that is another place. */
  readonly movedFrom: Place | undefined;
  readonly before: PackageBuild | undefined;
  readonly after: PackageBuild | undefined;
}

export type ChangeCounts = Readonly<Record<ChangeKind, number>>;

export function countKinds(changes: Iterable<{ readonly kind: ChangeKind }>): ChangeCounts {
  const counts = {
    downgraded: 0,
    removed: 0,
    "changed-bytes": 0,
    upgraded: 0,
    rebuilt: 0,
    added: 0,
    moved: 0,
    "version-added": 0,
    "version-removed": 0,
  };
  for (const { kind } of changes) counts[kind] += 1;
  return counts;
}
