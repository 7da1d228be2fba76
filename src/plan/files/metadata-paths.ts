import {
  decidingDigests,
  digestAlgorithms,
  type ListedFile,
  mergeDigests,
  type Release,
  RepositoryError,
  type Suite,
  signatureFileNames,
} from "../../repository/index.ts";

/** A suite and its Release. */
export interface SuiteMetadata {
  readonly suite: Suite;
  readonly release: Release;
}

/**
 * Throws PATH_CONFLICT if a file of an index, `source`, would overwrite signed metadata or a signature file of a suite: a
 * package list must not do that.
 */
export function assertNoMetadata(file: ListedFile, source: string, suites: readonly SuiteMetadata[]): void {
  for (const { suite, release } of suites) {
    if (!takesPlaceOf(file, suite, release)) continue;
    throw new RepositoryError(
      "PATH_CONFLICT",
      `${file.path}: ${source} lists a package at the path of signed metadata`,
      {
        facts: { path: file.path, source, suite: suite.root },
        hint: "It would overwrite the metadata, and clients would refuse the suite. Tell the owner of the upstream.",
      },
    );
  }
}

/** Returns what a path begins with if it may take the place of metadata, whatever file is there: most paths do not. */
export const topsOfMetadata = (suites: readonly SuiteMetadata[]): readonly string[] => [
  ...new Set(suites.map(({ suite: { root } }) => root.split("/", 1)[0] ?? root)),
];

/** True for a path that is the root of a suite, is in it, or is above it. */
const isAround = (path: string, root: string): boolean =>
  root === path || isBelow(root, path) || root === "" || isBelow(path, root);

function takesPlaceOf(file: ListedFile, { root }: Suite, release: Release): boolean {
  const { path } = file;
  if (!isAround(path, root)) return false;
  if (root === path || isBelow(root, path)) return true;
  const name = root === "" ? path : path.slice(root.length + 1);
  if (signatureNames.has(name.split("/", 1)[0] ?? name) || byHash.test(name)) return true;
  if (release.malformed.has(name)) return true;
  const listed = release.files.get(name);
  return listed !== undefined && !isSame(listed, file);
}

/** Asked of each file of a mirror, so it makes no string. */
const isBelow = (path: string, directory: string): boolean =>
  path.startsWith(directory) && path[directory.length] === "/";

/** Also if upstream lacks the file: what is not there was not verified. */
const signatureNames: ReadonlySet<string> = new Set(signatureFileNames);
const byHash = /(?:^|\/)by-hash\//;

/** True if both can be the same file: some repositories list a package in Release too. */
function isSame(listed: Omit<ListedFile, "path">, file: ListedFile): boolean {
  const isSameSize = file.sizeBytes === undefined || listed.sizeBytes === file.sizeBytes;
  const deciding = decidingDigests(file.digests);
  const isComparable = digestAlgorithms.some(
    (algorithm) => deciding[algorithm] !== undefined && listed.digests[algorithm] !== undefined,
  );
  return isSameSize && isComparable && mergeDigests(listed.digests, deciding) !== undefined;
}
