import type { TreeFacts } from "../../contents/index.ts";
import type { IndexDigests } from "../../plan/index.ts";
import type { PublicName, Shown } from "../../publish/index.ts";
import type { Concern } from "../../report/words/concerns.ts";
import { readReleases, type SnapshotGlance } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import { warnBeforeExpiryMs } from "../../trust/index.ts";
import type { Ports } from "../context.ts";
import { readState } from "./read-state.ts";

/** The tree that a public name shows. */
export interface ShownTree {
  readonly name: string;
  readonly createdAt: Date | undefined;
  readonly sizeBytes: number | undefined;
  readonly packages: number | undefined;
  readonly releases: readonly ShownRelease[];
  /** The earliest Valid-Until of its suites; clients refuse them afterwards. */
  readonly validUntil: Date | undefined;
}

export interface ShownRelease {
  readonly suite: string;
  /** When upstream made it. */
  readonly date: Date | undefined;
  readonly validUntil: Date | undefined;
}

/** From the record of a snapshot, or from the Release itself. */
interface RecordedRelease {
  readonly suite: string;
  readonly date?: string | undefined;
  readonly validUntil?: string | undefined;
}

/** A shown tree with its path, and the facts that decided which files it contains. */
export interface FoundTree {
  readonly path: string;
  readonly facts: TreeFacts | undefined;
  /** By suite, as the record of a snapshot has them. */
  readonly indexDigests: Readonly<Record<string, IndexDigests>> | undefined;
  readonly shown: ShownTree;
}

type TreePorts = Ports<"mirror" | "working" | "memory">;

/** Reads records and Release files only: a tree may have a hundred thousand files. */
export function findShown(
  ports: TreePorts,
  target: Shown,
  snapshots: readonly SnapshotGlance[],
): FoundTree | undefined {
  switch (target.kind) {
    case "none":
    case "foreign":
      return undefined;
    case "working-mirror":
      return findWorkingMirror(ports);
    case "snapshot": {
      const snapshot = snapshots.find(({ name }) => name === target.name);
      if (snapshot === undefined) return undefined;
      const { name, path, createdAt, meta } = snapshot;
      const {
        sizeBytes,
        packages,
        releases = readReleases(path, ports.mirror.suites),
        facts,
        indexDigests,
      } = meta;
      return {
        path,
        facts,
        indexDigests,
        shown: { name, createdAt, sizeBytes, packages, ...agesOf(releases) },
      };
    }
  }
}

function findWorkingMirror({ mirror, working, memory }: TreePorts): FoundTree | undefined {
  const generation = working.current();
  if (generation === undefined) return undefined;
  const state = readState({ memory });
  const known = state?.generation === generation.name ? state : undefined;
  const releases = readReleases(generation.path, known?.facts?.suites ?? mirror.suites);
  const { sizeBytes, packages } = known?.counts ?? {};
  const name = workingMirrorName;
  return {
    path: generation.path,
    facts: known?.facts,
    indexDigests: undefined,
    shown: { name, createdAt: undefined, sizeBytes, packages, ...agesOf(releases) },
  };
}

function agesOf(described: readonly RecordedRelease[]): Pick<ShownTree, "releases" | "validUntil"> {
  const releases = described.map(({ suite, date, validUntil }) => ({
    suite,
    date: timeOf(date),
    validUntil: timeOf(validUntil),
  }));
  const [earliest] = releases
    .flatMap(({ validUntil }) => validUntil ?? [])
    .toSorted((a, b) => a.getTime() - b.getTime());
  return { releases, validUntil: earliest };
}

const timeOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);

export function concernsOfLink(
  link: PublicName,
  target: Shown,
  shown: ShownTree | undefined,
  now: Date,
): readonly Concern[] {
  if (target.kind === "foreign") return [{ kind: "link-foreign", link, path: target.path }];
  if (target.kind === "snapshot" && shown === undefined)
    return [{ kind: "link-dangling", link, name: target.name }];
  return concernsOfExpiry(link, shown?.validUntil, now);
}

function concernsOfExpiry(link: PublicName, validUntil: Date | undefined, now: Date): readonly Concern[] {
  if (validUntil === undefined) return [];
  const leftMs = validUntil.getTime() - now.getTime();
  if (leftMs > warnBeforeExpiryMs) return [];
  if (leftMs <= 0) return [{ kind: "release-expired", link, validUntil }];
  return [{ kind: "release-expiring", link, validUntil, leftMs }];
}
