import { matchesGlob } from "node:path";
import type { InstalledPackage, Simulation } from "../../../clients/index.ts";
import { compareVersions } from "../../../repository/index.ts";

/** An upgrade of a machine from some trees. */
export interface Upgrade extends Pick<Simulation, "changes" | "keptBack"> {
  /** The versions of each installed package that the trees have. */
  readonly offers: ReadonlyMap<string, readonly string[]>;
}

/** What machines lose by an upgrade from a snapshot, and would not lose by one from production. */
export interface UpgradeLoss {
  readonly loss: "removed" | "kept-back" | "downgraded";
  /** Of a package; with its architecture if that is not the machine's own. */
  readonly name: string;
  /** The version that the machine has; for a downgrade, after the upgrade from production. */
  readonly version: string;
  /** The newest version of the snapshot; undefined for a removal. */
  readonly offered: string | undefined;
}

export interface UpgradeComparison {
  readonly installed: readonly InstalledPackage[];
  readonly staged: Upgrade;
  /** Undefined if nothing is in production. */
  readonly production: Upgrade | undefined;
  /** Globs of the names that may be removed. */
  readonly allowRemove: readonly string[];
}

/**
 * Returns every loss beyond what production does. apt does not downgrade by itself: a downgrade is a package of which
 * production offers what the machine has or gets, and the snapshot only older versions.
 */
export function lossesOf({
  installed,
  staged,
  production,
  allowRemove,
}: UpgradeComparison): readonly UpgradeLoss[] {
  const isAllowed = (name: string): boolean => allowRemove.some((glob) => matchesGlob(name, glob));
  const removedAlready = new Set(production && removedBy(production));
  const removed = new Set(removedBy(staged).filter((name) => !removedAlready.has(name) && !isAllowed(name)));
  const keptAlready = new Set(production?.keptBack);
  const kept = new Set(staged.keptBack.filter((name) => !keptAlready.has(name)));
  return installed.flatMap(({ name, version, isHeld }): readonly UpgradeLoss[] => {
    const offered = newestOf(staged, name);
    if (removed.has(name)) return [{ loss: "removed", name, version, offered: undefined }];
    // What dpkg holds is kept back whatever there is.
    if (kept.has(name) && !isHeld) return [{ loss: "kept-back", name, version, offered }];
    const before = production && versionAfter(production, name, version);
    return before !== undefined && offered !== undefined && compareVersions(offered, before) < 0
      ? [{ loss: "downgraded", name, version: before, offered }]
      : [];
  });
}

const removedBy = ({ changes }: Upgrade): readonly string[] =>
  changes.filter(({ to }) => to === undefined).map(({ name }) => name);

/** Returns the version of a package after the upgrade; undefined if none of the trees has that version or a newer one. */
function versionAfter(upgrade: Upgrade, name: string, version: string): string | undefined {
  const change = upgrade.changes.find((one) => one.name === name);
  if (change !== undefined) return change.to;
  const newest = newestOf(upgrade, name);
  return newest === undefined || compareVersions(newest, version) < 0 ? undefined : version;
}

const newestOf = ({ offers }: Upgrade, name: string): string | undefined =>
  offers.get(name)?.toSorted(compareVersions).at(-1);
