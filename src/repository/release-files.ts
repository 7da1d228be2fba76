import { parseDigestList } from "./digest-list.ts";
import { type DigestAlgorithm, type Digests, digestAlgorithms, releaseDigestNames } from "./digests.ts";
import { locateError, RepositoryError } from "./errors.ts";
import { parseRepositoryPath, type RepositoryPath } from "./paths.ts";
import type { FieldName, Stanza } from "./stanzas.ts";
import { decodeUtf8Loosely, quote } from "./text.ts";

/** A file as Release lists it. */
export interface ListedEntry {
  /** Relative to the directory of the Release file. */
  readonly name: RepositoryPath;
  readonly sizeBytes: number;
  readonly digests: Digests;
}

/**
 * The files that the digest fields of a Release name, each with all of its digests. Left out, with a warning: names
 * that apt never asks for, since they are unsafe or not in their shortest form ("./main/…"). Left out in silence: the
 * Release files themselves, whose own digests cannot be right.
 */
export function readReleaseFiles(
  stanza: Stanza,
  source: string,
  warn: (problem: string) => void,
): ReadonlyMap<string, ListedEntry> {
  const files = new FileList();
  for (const algorithm of strongestFirst) {
    try {
      files.addField(algorithm, stanza.get(digestFields[algorithm]) ?? "");
    } catch (error) {
      throw locateError(error, `${source}: ${releaseDigestNames[algorithm]}`);
    }
  }
  if (strongestFirst.every((algorithm) => stanza.get(digestFields[algorithm]) === undefined)) {
    throw new RepositoryError(
      "FIELD_MISSING",
      `${source}: lists no files: no SHA512, SHA256, SHA1 or MD5Sum`,
    );
  }
  files.describeProblems(warn);
  return files.entries;
}

const digestFields = {
  md5: "md5sum",
  sha1: "sha1",
  sha256: "sha256",
  sha512: "sha512",
} as const satisfies Record<DigestAlgorithm, FieldName>;

const strongestFirst = digestAlgorithms.toReversed();
const releaseFiles = new Set(["Release", "InRelease", "Release.gpg"]);

class FileList {
  readonly entries = new Map<string, Growing<ListedEntry>>();
  readonly #ignored = new Set<string>();
  readonly #contradicted = new Set<string>();
  readonly #upperCase = new Set<string>();

  addField(algorithm: DigestAlgorithm, value: string): void {
    for (const line of parseDigestList(algorithm, value)) {
      const name = canonicalName(line.name);
      if (name === undefined) this.#ignored.add(decodeUtf8Loosely(line.name));
      if (name === undefined || releaseFiles.has(name)) continue;
      if (line.isUpperCase) this.#upperCase.add(name);
      this.#add(name, algorithm, line);
    }
  }

  describeProblems(warn: (problem: string) => void): void {
    const describe = (names: ReadonlySet<string>, problem: string) => {
      const [first] = names;
      if (first === undefined) return;
      warn(`${quote(first)}${names.size > 1 ? ` and ${names.size - 1} more` : ""}: ${problem}`);
    };
    describe(this.#ignored, "apt asks for no such name; not mirrored");
    describe(this.#contradicted, "listed twice with different sizes or digests; the first counts, as in apt");
    describe(this.#upperCase, "digests in upper case, which apt never matches");
  }

  #add(name: RepositoryPath, algorithm: DigestAlgorithm, line: { digest: string; sizeBytes: number }): void {
    const { digest, sizeBytes } = line;
    const held = this.entries.get(name);
    if (held === undefined) {
      this.entries.set(name, { name, sizeBytes, digests: { [algorithm]: digest } });
      return;
    }
    const isAgain = held.digests[algorithm] !== undefined;
    if (held.sizeBytes !== sizeBytes || (isAgain && held.digests[algorithm] !== digest)) {
      this.#contradicted.add(name);
    }
    if (!isAgain) held.digests[algorithm] = digest;
  }
}

/** An entry whose digests are still being gathered. */
type Growing<Entry extends ListedEntry> = Omit<Entry, "digests"> & {
  readonly digests: { -readonly [Algorithm in DigestAlgorithm]?: string };
};

/** Undefined for a name that is unsafe, or that apt would spell otherwise. */
function canonicalName(latin1: string): RepositoryPath | undefined {
  try {
    const name = parseRepositoryPath(latin1);
    return Buffer.byteLength(name) === latin1.length ? name : undefined;
  } catch (error) {
    if (error instanceof RepositoryError && error.code === "PATH_UNSAFE") return undefined;
    throw error;
  }
}
