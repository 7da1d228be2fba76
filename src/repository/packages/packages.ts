import { type DigestAlgorithm, digestAlgorithms, parseDigest } from "../digests.ts";
import type { ListedFile } from "../listed-file.ts";
import { parseRepositoryPath } from "../paths.ts";
import { parseSizeBytes } from "../release/digest-list.ts";
import { requireDigest, requireField } from "./fields.ts";
import { RecordReader } from "./record-reader.ts";
import { parseSourceField } from "./source-field.ts";
import type { FieldName, Stanza } from "./stanzas.ts";

/** A binary package as Packages lists it. */
export interface BinaryPackage {
  readonly name: string;
  readonly version: string;
  /** Such as "amd64" or "all". */
  readonly architecture: string;
  /**
   * Such as "amd64v3", if built for newer processors of the architecture. Packages of different variants may have the same
   * name, version and architecture, and different bytes.
   */
  readonly variant: string | undefined;
  /** The name of its source package, which is its own name unless Source says otherwise. */
  readonly sourceName: string;
  /** The version of its source package, which is its own unless Source says otherwise. */
  readonly sourceVersion: string;
  readonly file: ListedFile;
  /** Where its stanza ends in the index, as in `Stanza`. */
  readonly endsAt: number;
}

/**
 * Reads Packages. Throws for a stanza without name, version, architecture, path or size, or without SHA-256 and SHA-512
 * (unless `allowWeak`): apt could not download that package, and nobody could verify it. Leaves out a package whose path
 * is not UTF-8, see `unnamed`.
 */
export class PackagesReader extends RecordReader<BinaryPackage> {
  constructor(source: string, options: { readonly allowWeak: boolean }) {
    super(source, wantedFields, (stanza) => readPackage(stanza, options.allowWeak));
  }
}

const digestFields = {
  md5: "md5sum",
  sha1: "sha1",
  sha256: "sha256",
  sha512: "sha512",
} as const satisfies Record<DigestAlgorithm, FieldName>;

const wantedFields: readonly FieldName[] = [
  "package",
  "version",
  "architecture",
  "architecture-variant",
  "source",
  "filename",
  "size",
  ...Object.values(digestFields),
];

function readPackage(stanza: Stanza, allowWeak: boolean): BinaryPackage {
  const name = requireField(stanza, "package");
  const version = requireField(stanza, "version");
  const file = {
    path: parseRepositoryPath(requireField(stanza, "filename")),
    sizeBytes: parseSizeBytes(requireField(stanza, "size")),
    digests: readDigests(stanza),
  };
  requireDigest(file, allowWeak);
  const source = parseSourceField(stanza.get("source") ?? "");
  return {
    name,
    version,
    architecture: requireField(stanza, "architecture"),
    variant: stanza.get("architecture-variant") || undefined,
    sourceName: source.name ?? name,
    sourceVersion: source.version ?? version,
    file,
    endsAt: stanza.endsAt,
  };
}

/** An empty field counts as absent, as in apt. */
function readDigests(stanza: Stanza): ListedFile["digests"] {
  const digests: { [Algorithm in DigestAlgorithm]?: string } = {};
  for (const algorithm of digestAlgorithms) {
    const hex = stanza.get(digestFields[algorithm]) ?? "";
    if (hex !== "") digests[algorithm] = parseDigest(algorithm, hex);
  }
  return digests;
}
