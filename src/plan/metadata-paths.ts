import {
  decidingDigests,
  digestAlgorithms,
  type ListedFile,
  mergeDigests,
  type Release,
  RepositoryError,
  type Suite,
  signatureFileNames,
} from "../repository/index.ts";

/** A suite and its Release. */
export interface SuiteMetadata {
  readonly suite: Suite;
  readonly release: Release;
}

/**
 * Whoever may list packages may not thereby put other bytes in the place of what a suite's signature vouches for, or of
 * the signature: throws PATH_CONFLICT for such a file of `source`, an index.
 */
export function assertNoMetadata(file: ListedFile, source: string, suites: readonly SuiteMetadata[]): void {
  for (const { suite, release } of suites) {
    if (!takesPlaceOf(file, suite, release)) continue;
    throw new RepositoryError(
      "PATH_CONFLICT",
      `${file.path}: ${source} lists a package where the metadata of a suite stands`,
      {
        facts: { path: file.path, source, suite: suite.root },
        hint: "Clients of that suite would find other bytes than are signed. Tell whoever runs the upstream.",
      },
    );
  }
}

function takesPlaceOf(file: ListedFile, { root }: Suite, release: Release): boolean {
  const { path } = file;
  if (root === path || root.startsWith(`${path}/`)) return true;
  if (root !== "" && !path.startsWith(`${root}/`)) return false;
  const name = root === "" ? path : path.slice(root.length + 1);
  if (signatureNames.has(name.split("/", 1)[0] ?? name) || byHash.test(name)) return true;
  if (release.malformed.has(name)) return true;
  const listed = release.files.get(name);
  return listed !== undefined && !isSame(listed, file);
}

/** Whether upstream has these or not: what is not there cannot have been verified. */
const signatureNames: ReadonlySet<string> = new Set(signatureFileNames);
const byHash = /(?:^|\/)by-hash\//;

/** True where one content can be both: some repositories list a package in Release too. */
function isSame(listed: Omit<ListedFile, "path">, file: ListedFile): boolean {
  const isSameSize = file.sizeBytes === undefined || listed.sizeBytes === file.sizeBytes;
  const deciding = decidingDigests(file.digests);
  const isComparable = digestAlgorithms.some(
    (algorithm) => deciding[algorithm] !== undefined && listed.digests[algorithm] !== undefined,
  );
  return isSameSize && isComparable && mergeDigests(listed.digests, deciding) !== undefined;
}
