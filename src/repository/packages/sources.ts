import { type DigestAlgorithm, digestAlgorithms, mergeDigests } from "../digests.ts";
import { RepositoryError } from "../errors.ts";
import type { ListedFile } from "../listed-file.ts";
import { joinPath, parseRepositoryPath, type RepositoryDirectory, type RepositoryPath } from "../paths.ts";
import { parseDigestList } from "../release/digest-list.ts";
import { quote } from "../text.ts";
import { requireDigest, requireField } from "./fields.ts";
import { RecordReader } from "./record-reader.ts";
import type { FieldName, Stanza } from "./stanzas.ts";

/** A source package as Sources lists it, with its .dsc, tarballs, patches and their signatures. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  /** For filters. The field of that name in Sources says where the package builds. */
  readonly architecture: "source";
  /** "" for the base itself. */
  readonly directory: RepositoryDirectory;
  /** Empty for a source that is listed without files: apt shows it, and cannot download it. */
  readonly files: readonly ListedFile[];
  /** Where its stanza ends in the index, as in `Stanza`. */
  readonly endsAt: number;
}

/**
 * Reads Sources. Throws for a stanza without name or version, for a file with two sizes or digests, and for a file without
 * SHA-256 and SHA-512 (unless `allowWeak`). Leaves out a package with a path that is not UTF-8, see `unnamed`.
 */
export class SourcesReader extends RecordReader<SourcePackage> {
  constructor(source: string, options: { readonly allowWeak: boolean }) {
    super(source, wantedFields, (stanza) => readSource(stanza, options.allowWeak));
  }
}

const digestFields = {
  md5: "files",
  sha1: "checksums-sha1",
  sha256: "checksums-sha256",
  sha512: "checksums-sha512",
} as const satisfies Record<DigestAlgorithm, FieldName>;

const wantedFields: readonly FieldName[] = [
  "package",
  "version",
  "directory",
  ...Object.values(digestFields),
];

function readSource(stanza: Stanza, allowWeak: boolean): SourcePackage {
  const name = requireField(stanza, "package");
  const version = requireField(stanza, "version");
  const directory = readDirectory(stanza);
  const files = readFiles(stanza, directory);
  for (const file of files) requireDigest(file, allowWeak);
  return { name, version, architecture: "source", directory, files, endsAt: stanza.endsAt };
}

/** An absent Directory, "." and "/" all mean the base. */
function readDirectory(stanza: Stanza): RepositoryDirectory {
  const text = stanza.get("directory") ?? "";
  return /^[./]*$/.test(text) && !text.includes("..") ? "" : parseRepositoryPath(text);
}

function readFiles(stanza: Stanza, directory: RepositoryDirectory): ListedFile[] {
  const files = new Map<RepositoryPath, ListedFile>();
  for (const algorithm of digestAlgorithms) {
    for (const line of parseDigestList(algorithm, stanza.get(digestFields[algorithm]) ?? "")) {
      const path = joinPath(directory, parseRepositoryPath(line.name));
      const held = files.get(path) ?? { path, sizeBytes: line.sizeBytes, digests: {} };
      files.set(path, mergeLine(held, algorithm, line));
    }
  }
  return [...files.values()];
}

function mergeLine(
  held: ListedFile,
  algorithm: DigestAlgorithm,
  line: { sizeBytes: number; digest: string },
): ListedFile {
  const digests = mergeDigests(held.digests, { [algorithm]: line.digest });
  if (digests !== undefined && held.sizeBytes === line.sizeBytes) return { ...held, digests };
  throw new RepositoryError("FIELD_MALFORMED", `${quote(held.path)} is listed with two sizes or digests`, {
    facts: { path: held.path, sizeBytes: held.sizeBytes, otherSizeBytes: line.sizeBytes },
  });
}
