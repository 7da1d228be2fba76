import { join, posix } from "node:path";
import { hasCode, MirrorctlError } from "../errors.ts";
import { readBytesIfAny, statLinkIfAny } from "../platform/files.ts";
import { parseRelease, type Release, Suite } from "../repository/index.ts";
import { readUnverifiedInRelease } from "../trust/index.ts";
import { walkTree } from "./tree.ts";

export interface ReleaseDescription {
  readonly suite: string;
  /** ISO 8601; undefined where upstream's Release has no readable Date. */
  readonly date: string | undefined;
  readonly validUntil: string | undefined;
}

/** What a tree holds, read from the tree itself: nothing else needs to be remembered of it. */
export interface TreeDescription {
  /** Names of files, by-hash names apart. */
  readonly files: number;
  /** Binary packages (.deb, .udeb, .ddeb) in the pool. */
  readonly packages: number;
  /** Bytes of the distinct files: one that stands under several names counts once. */
  readonly sizeBytes: number;
  readonly releases: readonly ReleaseDescription[];
}

const packageName = /\.(?:deb|udeb|ddeb)$/;

export function describeTree(root: string): TreeDescription {
  const seen = new Set<number>();
  const releases: ReleaseDescription[] = [];
  let files = 0;
  let packages = 0;
  let sizeBytes = 0;
  for (const { path, stats } of walkTree(root)) {
    if (!seen.has(stats.ino)) sizeBytes += stats.size;
    seen.add(stats.ino);
    if (path.includes("by-hash/")) continue;
    files++;
    if (packageName.test(path)) packages++;
    const release = describeRelease(root, path);
    if (release !== undefined) releases.push(release);
  }
  return { files, packages, sizeBytes, releases };
}

/** Upstream's Releases in a tree, without a look at anything else: of these suites, as far as it has them. */
export function readReleases(root: string, suites: readonly string[]): readonly ReleaseDescription[] {
  return suites.flatMap((suite) => {
    const release = readSuiteRelease(root, suite);
    return release === undefined ? [] : [describedAs(suite, release)];
  });
}

/** What clients go by: InRelease, or where there is none, Release. */
export function readSuiteRelease(root: string, suite: string): Release | undefined {
  const { root: suiteRoot } = new Suite(suite);
  for (const name of ["InRelease", "Release"]) {
    const release = readReleaseIfAny(root, posix.join(suiteRoot, name));
    if (release !== undefined) return release;
  }
  return undefined;
}

const describedAs = (suite: string, { date, validUntil }: Release): ReleaseDescription => ({
  suite,
  date: date?.toISOString(),
  validUntil: validUntil?.toISOString(),
});

/**
 * Upstream's Release of a suite: InRelease, or where there is none the Release that has a signature beside it. The
 * `Release` in the directory of a single index says nothing of the suite.
 */
function describeRelease(root: string, path: string): ReleaseDescription | undefined {
  const name = posix.basename(path);
  if (name !== "InRelease" && !(name === "Release" && isSignedApart(join(root, posix.dirname(path)))))
    return undefined;
  const release = readReleaseIfAny(root, path);
  return release && describedAs(suiteOfRoot(posix.dirname(path)), release);
}

/** Undefined for what is gone by now, and for a file that only bears the name: a tree may be somebody else's. */
export function readReleaseIfAny(root: string, path: string): Release | undefined {
  try {
    const bytes = readBytesIfAny(join(root, path));
    if (bytes === undefined) return undefined;
    const isInRelease = posix.basename(path) === "InRelease";
    return parseRelease(isInRelease ? readUnverifiedInRelease(bytes).text : bytes.toString("latin1"), path);
  } catch (error) {
    if (!(error instanceof MirrorctlError) && !hasCode(error, "EACCES")) throw error;
    return undefined;
  }
}

function isSignedApart(directory: string): boolean {
  const has = (name: string): boolean => statLinkIfAny(join(directory, name)) !== undefined;
  return has("Release.gpg") && !has("InRelease");
}

/** The suite whose Release stands in that directory of a tree, as it is configured. */
function suiteOfRoot(directory: string): string {
  if (directory === ".") return "/";
  return directory.startsWith("dists/") ? directory.slice("dists/".length) : `${directory}/`;
}
