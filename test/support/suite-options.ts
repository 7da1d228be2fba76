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
  /** Default: gz, and xz if it is installed. If empty, indices are plain. */
  readonly compressions?: readonly Compression[];
  /** Digests in Release, Packages and Sources, and directories in by-hash. Default: all four. */
  readonly digests?: readonly DigestName[];
  /** Release lists the plain index too, but the file does not exist (default, as in Debian). */
  readonly listPlainButAbsent?: boolean;
  /** Fields to add to the Release or to replace; an empty value removes the field. */
  readonly extraReleaseFields?: Readonly<Record<string, string>>;
  /** Changes the text of an index before it is compressed and listed. */
  readonly editIndex?: (text: string, name: string) => string | Buffer;
  /** Changes the text of Release before it is signed, for texts that no sane archive would have. */
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

/** Returns true for a flat suite, which ends in `/` and has its indices in the directory of its Release. */
export const isFlat = (suite: string): boolean => suite.endsWith("/");

/** Returns the directory of a suite's Release below the repository's base: "" or a path that ends in "/". */
export function releaseDirectory(suite: string): string {
  if (!isFlat(suite)) return `dists/${suite}/`;
  return suite === "/" || suite === "./" ? "" : suite;
}
