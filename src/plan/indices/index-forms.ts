import {
  type Compression,
  digestAlgorithms,
  type ListedEntry,
  type MalformedEntry,
  type Release,
  type RepositoryPath,
  releaseDigestNames,
} from "../../repository/index.ts";
import type { IndexForms, ListedForm } from "./selection.ts";

/** Groups the entries of a Release by the name of their uncompressed form, in the order of Release. */
export function groupForms({
  files,
  malformed,
}: Pick<Release, "files" | "malformed">): ReadonlyMap<string, IndexForms> {
  const groups = new Map<string, { readonly forms: ListedForm[]; readonly malformed: MalformedEntry[] }>();
  const groupOf = (plainName: string) => {
    const group = groups.get(plainName) ?? { forms: [], malformed: [] };
    groups.set(plainName, group);
    return group;
  };
  for (const [name, entry] of files) {
    const { plainName, compression } = splitName(name);
    groupOf(plainName).forms.push({ compression, entry });
  }
  for (const [name, entry] of malformed) groupOf(splitName(name).plainName).malformed.push(entry);
  return new Map(
    [...groups].map(([name, group]) => [
      name,
      { name, ...sortForms(group.forms), malformed: group.malformed },
    ]),
  );
}

/** Fastest decoding first. */
const compressions = ["zst", "gz", "xz", "bz2", "lzma", "lz4"] as const satisfies readonly Compression[];

const ranks: ReadonlyMap<string, number> = new Map(compressions.map((name, rank) => [name, rank]));

const rankOf = (compression: Compression): number => ranks.get(compression) ?? -1;

const isCompression = (suffix: string): suffix is (typeof compressions)[number] => ranks.has(suffix);

function splitName(name: string): { plainName: string; compression: Compression } {
  const dot = name.lastIndexOf(".");
  const suffix = name.slice(dot + 1);
  if (dot === -1 || !isCompression(suffix)) return { plainName: name, compression: "plain" };
  return { plainName: name.slice(0, dot), compression: suffix };
}

function sortForms(forms: readonly ListedForm[]): Pick<IndexForms, "plain" | "compressed"> {
  return {
    plain: forms.find((form) => form.compression === "plain")?.entry,
    compressed: forms
      .filter((form) => form.compression !== "plain")
      .toSorted((a, b) => rankOf(a.compression) - rankOf(b.compression)),
  };
}

/**
 * Returns the names of an entry by its digests, strongest first, relative to the directory of the Release. Clients
 * request these if Release says Acquire-By-Hash: apt takes the strongest listed digest, debootstrap SHA256.
 */
export function byHashPaths(entry: ListedEntry): readonly RepositoryPath[] {
  const directory = entry.name.slice(0, entry.name.lastIndexOf("/") + 1);
  return digestAlgorithms.toReversed().flatMap((algorithm) => {
    const digest = entry.digests[algorithm];
    if (digest === undefined) return [];
    return [`${directory}by-hash/${releaseDigestNames[algorithm]}/${digest}` as RepositoryPath];
  });
}
