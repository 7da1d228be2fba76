import { type DigestAlgorithm, digestAlgorithms, parseDigest } from "../digests.ts";
import type { ListedFile } from "../listed-file.ts";
import { parseRepositoryPath } from "../paths.ts";
import { parseSizeBytes } from "../release/digest-list.ts";
import { requireDigest, requireField } from "./fields.ts";
import { RecordReader } from "./record-reader.ts";
import type { FieldName, Stanza } from "./stanzas.ts";

/** A package as Packages lists it. */
export interface BinaryPackage {
  readonly name: string;
  readonly version: string;
  /** Such as "amd64" or "all". */
  readonly architecture: string;
  /**
   * Such as "amd64v3": built for newer processors of the architecture. A package without it and one of each variant may
   * have the same name, version and architecture, and different bytes.
   */
  readonly variant: string | undefined;
  /** Name of the source package; the package's own where no other is given. */
  readonly sourceName: string;
  readonly file: ListedFile;
}

/**
 * Reads Packages. A stanza without name, version, architecture, path or size, or without SHA-256 or SHA-512 (unless
 * `allowWeak`), is an error: apt could not download that package, and nobody could verify it. One whose path is not UTF-8
 * is left out: see `unnamed`.
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
  return {
    name,
    version,
    architecture: requireField(stanza, "architecture"),
    variant: stanza.get("architecture-variant") || undefined,
    sourceName: readSourceName(stanza) ?? name,
    file,
  };
}

/** An empty field is none, as in apt. */
function readDigests(stanza: Stanza): ListedFile["digests"] {
  const digests: { [Algorithm in DigestAlgorithm]?: string } = {};
  for (const algorithm of digestAlgorithms) {
    const hex = stanza.get(digestFields[algorithm]) ?? "";
    if (hex !== "") digests[algorithm] = parseDigest(algorithm, hex);
  }
  return digests;
}

/** `Source: name (version)`, of which the version stands only where it differs from the package's. */
function readSourceName(stanza: Stanza): string | undefined {
  return /^[^ \t\n]+/.exec(stanza.get("source") ?? "")?.[0];
}
