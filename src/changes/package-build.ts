import { type FieldName, parseSourceField } from "../repository/index.ts";

/** One version of a package as an index lists it. Its texts are latin1, as in the index. */
export interface PackageBuild {
  readonly name: string;
  readonly version: string;
  /** Such as "amd64" or "all"; "source" for a source package. */
  readonly architecture: string;
  /** Such as "amd64v3", if built for newer processors of the architecture. */
  readonly variant: string | undefined;
  /** The field Source: a name, perhaps with a version. Undefined if the source is named and numbered like the package. */
  readonly sourceField: string | undefined;
  /** Identifies the bytes: SHA-256 or, if that is not listed, the next strongest. That of the .dsc for a source package. */
  readonly digest: string;
  /** The fields Built-Using and Static-Built-Using. */
  readonly builtUsing: string | undefined;
}

/** The source package that a package was built from. */
export interface SourceVersion {
  readonly name: string;
  readonly version: string;
}

/** The fields of Packages that `readBinaryBuild` reads. */
export const binaryFields = [
  "package",
  "version",
  "architecture",
  "architecture-variant",
  "source",
  "built-using",
  "static-built-using",
  "filename",
  "sha256",
  "sha512",
  "sha1",
  "md5sum",
] as const satisfies readonly FieldName[];

/** The fields of Sources that `readSourceBuild` reads. */
export const sourceFields = [
  "package",
  "version",
  "directory",
  "checksums-sha256",
  "checksums-sha512",
  "checksums-sha1",
  "files",
] as const satisfies readonly FieldName[];

/** A stanza of which only some fields were kept. */
interface Fields<Field extends FieldName> {
  get(field: Field): string | undefined;
}

/** Reads a stanza of Packages. A field that is missing is "": a sync refuses an index without name or version. */
export function readBinaryBuild(stanza: Fields<(typeof binaryFields)[number]>): PackageBuild {
  const digest =
    stanza.get("sha256") || stanza.get("sha512") || stanza.get("sha1") || stanza.get("md5sum") || "";
  const builtUsing = [stanza.get("built-using"), stanza.get("static-built-using")].filter(Boolean);
  return {
    name: stanza.get("package") ?? "",
    version: stanza.get("version") ?? "",
    architecture: stanza.get("architecture") ?? "",
    variant: stanza.get("architecture-variant") || undefined,
    sourceField: stanza.get("source") || undefined,
    digest: digest.toLowerCase(),
    builtUsing: builtUsing.length === 0 ? undefined : builtUsing.join(", "),
  };
}

/** Reads a stanza of Sources. Its .dsc lists the digests of all its other files. */
export function readSourceBuild(stanza: Fields<(typeof sourceFields)[number]>): PackageBuild {
  const list = filesOf(stanza);
  const dsc = list.find((line) => line.endsWith(".dsc")) ?? list[0] ?? "";
  return {
    name: stanza.get("package") ?? "",
    version: stanza.get("version") ?? "",
    architecture: "source",
    variant: undefined,
    sourceField: undefined,
    digest: (/^\S+/.exec(dsc)?.[0] ?? "").toLowerCase(),
    builtUsing: undefined,
  };
}

/** Returns the paths of the files of a source package. */
export function sourcePaths(stanza: Fields<(typeof sourceFields)[number]>): readonly string[] {
  const directory = (stanza.get("directory") ?? "").replace(/\/*$/, "/").replace(/^(?:\.?\/)+/, "");
  return filesOf(stanza).map((line) => `${directory}${line.slice(line.lastIndexOf(" ") + 1)}`);
}

/** The lines "digest size name" of the strongest digest that is listed. */
function filesOf(stanza: Fields<(typeof sourceFields)[number]>): readonly string[] {
  const list =
    stanza.get("checksums-sha256") ||
    stanza.get("checksums-sha512") ||
    stanza.get("checksums-sha1") ||
    stanza.get("files") ||
    "";
  return list.split("\n");
}

/** What names the source of a build. */
export type SourceFields = Pick<PackageBuild, "name" | "version" | "sourceField">;

/** Returns the source of a build. Source names a version only if it differs from that of the package. */
export function sourceOf({ name, version, sourceField }: SourceFields): SourceVersion {
  const source = parseSourceField(sourceField ?? "");
  return { name: source.name ?? name, version: source.version ?? version };
}
