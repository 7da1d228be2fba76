import {
  digestAlgorithms,
  type ListedEntry,
  type RepositoryPath,
  releaseDigestNames,
} from "../repository/index.ts";

/**
 * The names of an entry by its digests, strongest first, relative to the directory of the Release file: what clients
 * ask for where Release says Acquire-By-Hash. apt takes the strongest listed, debootstrap SHA256.
 */
export function byHashPaths(entry: ListedEntry): readonly RepositoryPath[] {
  const directory = entry.name.slice(0, entry.name.lastIndexOf("/") + 1);
  return digestAlgorithms.toReversed().flatMap((algorithm) => {
    const digest = entry.digests[algorithm];
    if (digest === undefined) return [];
    return [`${directory}by-hash/${releaseDigestNames[algorithm]}/${digest}` as RepositoryPath];
  });
}
