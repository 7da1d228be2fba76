import { formatGoTime } from "../../config/index.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import type { SnapshotGlance } from "../../snapshot/index.ts";
import { isStandIn } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import type { UpstreamApart } from "../sync/index.ts";
import type { PastTree } from "./find-trees.ts";

/** Returns the name of a snapshot of the same Releases, if there is one. */
export async function findSame(
  { catalog }: Pick<MirrorContext, "catalog">,
  apart: UpstreamApart,
): Promise<string | undefined> {
  const snapshots = await catalog.glance();
  return snapshots.find((snapshot) => !isStandIn(snapshot.name) && isOf(snapshot, apart))?.name;
}

/** True if each suite has a signature file with the same bytes: a copy may lack one of them. */
function isOf({ meta: { facts } }: SnapshotGlance, { releases }: UpstreamApart): boolean {
  if (facts === undefined || facts.suites.length !== releases.length) return false;
  return releases.every(({ suite, files }) =>
    files.some(({ name, bytes }) => facts.signatureFiles[suite.path(name)] === digestsOf(bytes).sha256),
  );
}

/** Returns the name of the directory or, if that says nothing, the time of the Release; with a number if it is taken. */
export function snapshotNameOf(
  { catalog, mirror, emit }: Pick<MirrorContext, "catalog" | "mirror" | "emit">,
  tree: PastTree,
  createdAt: Date,
): string {
  const wanted = tree.name ?? formatGoTime(mirror.snapshot.nameFormat, createdAt);
  const name = catalog.freeName(wanted, []);
  if (name !== wanted) emit({ type: "snapshot-name-taken", taken: wanted, name, kept: undefined });
  return name;
}

/** Returns the Date of the newest Release: since then upstream had this. `now` is for one without a Date. */
export function latestDate({ releases }: UpstreamApart, now: Date): Date {
  const times = releases.flatMap(({ release: { date } }) => (date === undefined ? [] : [date.getTime()]));
  return times.length === 0 ? now : new Date(Math.max(...times));
}
