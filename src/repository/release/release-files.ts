import { type DigestAlgorithm, type Digests, digestAlgorithms, releaseDigestNames } from "../digests.ts";
import { locateError, RepositoryError } from "../errors.ts";
import type { FieldName, Stanza } from "../packages/stanzas.ts";
import { parseRepositoryPath, type RepositoryPath } from "../paths.ts";
import { signatureFileNames } from "../suite.ts";
import { decodeUtf8Loosely } from "../text.ts";
import { readColumns, splitColumns } from "./digest-list.ts";
import type { MalformedEntry, ReleaseRemark } from "./release-remark.ts";

/** A file as Release lists it. */
export interface ListedEntry {
  /** Relative to the directory of the Release file. */
  readonly name: RepositoryPath;
  readonly sizeBytes: number;
  readonly digests: Digests;
}

export interface ReleaseFiles {
  readonly files: ReadonlyMap<string, ListedEntry>;
  /** By name, the files that at least one list has with an unreadable digest or size. */
  readonly malformed: ReadonlyMap<string, MalformedEntry>;
  readonly remarks: readonly ReleaseRemark[];
}

/** Returns the number of a line by its text, without white space at either end. */
export type FindLine = (text: string) => number | undefined;

/**
 * Reads the lists of files in a Release, each file with all of its digests. Leaves out, with a remark, names that apt
 * never requests because they are unsafe or not in their shortest form ("./main/…"), and files with an unreadable digest
 * or size, which apt cannot fetch. Leaves out signature files, whose own digests cannot be right. Throws FIELD_MALFORMED
 * for a line without three columns, for which apt refuses the whole Release.
 */
export function readReleaseFiles(stanza: Stanza, source: string, findLine: FindLine): ReleaseFiles {
  const files = new FileList(findLine);
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
  return files.finish();
}

const digestFields = {
  md5: "md5sum",
  sha1: "sha1",
  sha256: "sha256",
  sha512: "sha512",
} as const satisfies Record<DigestAlgorithm, FieldName>;

const strongestFirst = digestAlgorithms.toReversed();
const signatureFiles: ReadonlySet<string> = new Set(signatureFileNames);

class FileList {
  readonly #findLine: FindLine;
  readonly #entries = new Map<string, Growing<ListedEntry>>();
  readonly #malformed = new Map<string, MalformedEntry>();
  readonly #ignored = new Set<string>();
  readonly #contradicted = new Set<string>();
  readonly #upperCase = new Set<string>();

  constructor(findLine: FindLine) {
    this.#findLine = findLine;
  }

  addField(algorithm: DigestAlgorithm, value: string): void {
    for (const text of value.split("\n")) if (text !== "") this.#addLine(algorithm, text);
  }

  finish(): ReleaseFiles {
    for (const name of this.#malformed.keys()) this.#entries.delete(name);
    const remarks: ReleaseRemark[] = [];
    const [first] = this.#malformed.values();
    if (first !== undefined) remarks.push({ kind: "entry-malformed", ...first, count: this.#malformed.size });
    const named = {
      "names-unasked": this.#ignored,
      "names-contradicted": this.#contradicted,
      "digests-upper-case": this.#upperCase,
    } as const;
    for (const kind of ["names-unasked", "names-contradicted", "digests-upper-case"] as const) {
      const [name] = named[kind];
      if (name !== undefined) remarks.push({ kind, name, count: named[kind].size });
    }
    return { files: this.#entries, malformed: this.#malformed, remarks };
  }

  #addLine(algorithm: DigestAlgorithm, text: string): void {
    const columns = splitColumns(text);
    const name = canonicalName(columns.name);
    if (name === undefined) this.#ignored.add(decodeUtf8Loosely(columns.name));
    if (name === undefined || signatureFiles.has(name)) return;
    try {
      const line = readColumns(algorithm, columns);
      if (line.isUpperCase) this.#upperCase.add(name);
      this.#add(name, algorithm, line);
    } catch (error) {
      if (!(error instanceof RepositoryError)) throw error;
      // Of two lines for one name, the first counts.
      if (this.#entries.get(name)?.digests[algorithm] !== undefined) this.#contradicted.add(name);
      else if (!this.#malformed.has(name)) {
        const list = releaseDigestNames[algorithm];
        const shown = { text: decodeUtf8Loosely(text), problem: error.message };
        this.#malformed.set(name, { name, list, line: this.#findLine(text), ...shown });
      }
    }
  }

  #add(name: RepositoryPath, algorithm: DigestAlgorithm, line: { digest: string; sizeBytes: number }): void {
    const { digest, sizeBytes } = line;
    const held = this.#entries.get(name);
    if (held === undefined) {
      this.#entries.set(name, { name, sizeBytes, digests: { [algorithm]: digest } });
      return;
    }
    const isAgain = held.digests[algorithm] !== undefined;
    if (held.sizeBytes !== sizeBytes || (isAgain && held.digests[algorithm] !== digest)) {
      this.#contradicted.add(name);
    }
    if (!isAgain) held.digests[algorithm] = digest;
  }
}

/** An entry while its digests are gathered. */
type Growing<Entry extends ListedEntry> = Omit<Entry, "digests"> & {
  readonly digests: { -readonly [Algorithm in DigestAlgorithm]?: string };
};

/** Returns undefined for a name that is unsafe, or that apt spells otherwise. */
function canonicalName(latin1: string): RepositoryPath | undefined {
  try {
    const name = parseRepositoryPath(latin1);
    return Buffer.byteLength(name) === latin1.length ? name : undefined;
  } catch (error) {
    if (error instanceof RepositoryError && error.code === "PATH_UNSAFE") return undefined;
    throw error;
  }
}
