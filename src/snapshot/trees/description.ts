import { join, posix } from "node:path";
import { readRelease, smallFilesOnDisk } from "../../contents/index.ts";
import { hasCode, MirrorctlError } from "../../errors.ts";
import { paced } from "../../platform/flow/paced.ts";
import { statLinkIfAny } from "../../platform/look.ts";
import { normalizePath, type Release, Suite } from "../../repository/index.ts";
import { walkOwnPaths, walkTree } from "./tree.ts";

export interface ReleaseDescription {
  /** Its name as configured. */
  readonly suite: string;
  /** ISO 8601; undefined if the Release has no readable Date. */
  readonly date: string | undefined;
  readonly validUntil: string | undefined;
}

export interface TreeCounts {
  /** Names of files, without the by-hash names. */
  readonly files: number;
  /** Binary packages (.deb, .udeb, .ddeb) in the pool. */
  readonly packages: number;
  /** Bytes of the distinct files: a file with several names counts once. */
  readonly sizeBytes: number;
}

/** What a tree holds, counted on disk: nothing else has to be remembered for it. */
export interface TreeDescription extends TreeCounts {
  readonly releases: readonly ReleaseDescription[];
}

export const isBinaryPackage = (path: string): boolean => /\.(?:deb|udeb|ddeb)$/.test(path);

/** Walks a tree. Finds the suites by their signature files, so that it needs no facts. */
export async function describeTree(root: string, signal: AbortSignal): Promise<TreeDescription> {
  const seen = new Set<number>();
  const releases: ReleaseDescription[] = [];
  let files = 0;
  let packages = 0;
  let sizeBytes = 0;
  for await (const { path, stats } of paced(walkTree(root), signal)) {
    if (!seen.has(stats.ino)) sizeBytes += stats.size;
    seen.add(stats.ino);
    if (path.includes("by-hash/")) continue;
    files++;
    if (isBinaryPackage(path)) packages++;
    const release = describeRelease(root, path);
    if (release !== undefined) releases.push(release);
  }
  return { files, packages, sizeBytes, releases };
}

/** Finds the Releases of a tree by a walk, so that it needs no facts. */
export async function findReleases(
  root: string,
  signal: AbortSignal,
): Promise<readonly ReleaseDescription[]> {
  const releases: ReleaseDescription[] = [];
  for await (const path of paced(walkOwnPaths(root), signal)) {
    const release = path.includes("by-hash/") ? undefined : describeRelease(root, path);
    if (release !== undefined) releases.push(release);
  }
  return releases;
}

/** Returns what `describeTree` says of the Releases of these suites, without a walk. */
export function describeSuites(root: string, suites: Iterable<string>): readonly ReleaseDescription[] {
  return [...suites].flatMap((name) => {
    const suite = new Suite(name);
    const release =
      describeRelease(root, suite.path("InRelease")) ?? describeRelease(root, suite.path("Release"));
    return release === undefined ? [] : [release];
  });
}

/** Describes the Releases of these suites, of those that the tree has. Looks at nothing else. */
export function readReleases(root: string, suites: readonly string[]): readonly ReleaseDescription[] {
  return suites.flatMap((suite) => {
    const release = readSuiteRelease(root, suite);
    return release === undefined ? [] : [describedAs(suite, release)];
  });
}

/** Returns the Release that clients read: InRelease or, if it is missing or unreadable, Release. */
export function readSuiteRelease(root: string, name: string): Release | undefined {
  const suite = new Suite(name);
  return readReleaseIfAny(root, suite.path("InRelease")) ?? readReleaseIfAny(root, suite.path("Release"));
}

const describedAs = (suite: string, { date, validUntil }: Release): ReleaseDescription => ({
  suite,
  date: date?.toISOString(),
  validUntil: validUntil?.toISOString(),
});

/**
 * Describes the Release of a suite: InRelease or, if there is none, a Release with a signature beside it. A `Release` in
 * the directory of a single index does not describe a suite.
 */
function describeRelease(root: string, path: string): ReleaseDescription | undefined {
  const name = posix.basename(path);
  if (name !== "InRelease" && !(name === "Release" && isSignedApart(join(root, posix.dirname(path)))))
    return undefined;
  const release = readReleaseIfAny(root, path);
  return release && describedAs(suiteOfRoot(posix.dirname(path)), release);
}

/** Returns undefined for a file that is gone by now or that cannot be read: the tree may not be a repository. */
export function readReleaseIfAny(root: string, path: string): Release | undefined {
  try {
    return readRelease(smallFilesOnDisk(root), normalizePath(path));
  } catch (error) {
    if (!(error instanceof MirrorctlError) && !hasCode(error, "EACCES")) throw error;
    return undefined;
  }
}

function isSignedApart(directory: string): boolean {
  const has = (name: string): boolean => statLinkIfAny(join(directory, name)) !== undefined;
  return has("Release.gpg") && !has("InRelease");
}

/** Returns the name of the suite that has its Release in this directory of a tree. */
function suiteOfRoot(directory: string): string {
  if (directory === ".") return "/";
  return directory.startsWith("dists/") ? directory.slice("dists/".length) : `${directory}/`;
}
