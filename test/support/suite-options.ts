import { type Compression, usualCompressions } from "./compress.ts";
import { type DigestName, digestNames } from "./digests.ts";

export interface SuiteOptions {
  /** Default: `main`. */
  readonly components?: readonly string[];
  /** Default: `amd64`. With `all`, binary-all indices too, as Debian has them. */
  readonly architectures?: readonly string[];
  /** Default: true. */
  readonly acquireByHash?: boolean;
  /** The Release's Date; default: the time of `publish`. */
  readonly date?: Date | string;
  /** Default: no Valid-Until. */
  readonly validUntil?: Date | string;
  /** all (default): InRelease, Release, Release.gpg; inline: InRelease; detached: the other two; none: Release. */
  readonly signatures?: "all" | "inline" | "detached" | "none";
  /** Default: gz, and xz where it is installed. With none, indices are plain. */
  readonly compressions?: readonly Compression[];
  /** Of Release, Packages and Sources, and of the directories in by-hash. Default: all four. */
  readonly digests?: readonly DigestName[];
  /** Release lists the plain index beside the compressed ones, but it is not there (default, as in Debian). */
  readonly listPlainButAbsent?: boolean;
  /** Added to the Release, or in place of its usual fields; an empty value leaves the field out. */
  readonly extraReleaseFields?: Readonly<Record<string, string>>;
  /** Changes the text of an index before it is compressed and listed. */
  readonly editIndex?: (text: string, name: string) => string | Buffer;
  /** Changes the text of Release just before it is signed, to state what no sane archive would. */
  readonly editRelease?: (text: string) => string;
}

export type CompleteSuiteOptions = Required<Omit<SuiteOptions, "date" | "validUntil">> & {
  readonly date: Date | undefined;
  readonly validUntil: Date | undefined;
};

export function completeOptions(options: SuiteOptions): CompleteSuiteOptions {
  return {
    components: ["main"],
    architectures: ["amd64"],
    acquireByHash: true,
    signatures: "all",
    compressions: usualCompressions,
    digests: digestNames,
    listPlainButAbsent: true,
    extraReleaseFields: {},
    editIndex: (text) => text,
    editRelease: (text) => text,
    ...options,
    date: options.date === undefined ? undefined : new Date(options.date),
    validUntil: options.validUntil === undefined ? undefined : new Date(options.validUntil),
  };
}

/** A suite that ends in `/` is flat: its indices stand beside its Release. */
export const isFlat = (suite: string): boolean => suite.endsWith("/");

/** Where a suite's Release stands below the repository's base: "" or a path that ends in "/". */
export function releaseDirectory(suite: string): string {
  if (!isFlat(suite)) return `dists/${suite}/`;
  return suite === "/" || suite === "./" ? "" : suite;
}
