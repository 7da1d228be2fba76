import type { Compression, ListedEntry, MalformedEntry, Suite } from "../repository/index.ts";

/** What a mirror wants of each of its suites. */
export interface MirrorSelection {
  /** Ignored for a flat suite, as architectures are. */
  readonly sections: readonly string[];
  /** "all" is always meant too. */
  readonly architectures: readonly string[];
  readonly source: boolean;
  readonly kinds: {
    readonly contents: boolean;
    readonly translations: boolean;
    readonly dep11: boolean;
    readonly cnf: boolean;
    /** Packages and images of debian-installer. */
    readonly installer: boolean;
  };
}

/** What a mirror wants of one suite. */
export interface Selection extends MirrorSelection {
  readonly suite: Suite;
}

/**
 * "release" is the small Release file in the directory of a Packages or Sources, not the suite's own; "installer-images"
 * are the lists of the files that debian-installer is started from: MD5SUMS and SHA256SUMS.
 */
export type IndexKind =
  | "packages"
  | "sources"
  | "translation"
  | "contents"
  | "dep11"
  | "cnf"
  | "release"
  | "installer-images";

export interface ListedForm {
  readonly compression: Compression;
  readonly entry: ListedEntry;
}

/** One index, in all the forms in which Release lists it. */
export interface WantedIndex {
  readonly kind: IndexKind;
  /** Where true, at least one form must be had. */
  readonly required: boolean;
  /** Of the uncompressed form, relative to the directory of the Release file. */
  readonly name: string;
  /** The uncompressed form as listed. Upstreams list it without having it; it also bounds and checks decompression. */
  readonly plain: ListedEntry | undefined;
  /** The compressed forms, those that decode fastest first; lzma and lz4 only where their programs are installed. */
  readonly compressed: readonly ListedForm[];
  /** The forms that are listed without a digest and size by which they could be checked. */
  readonly malformed: readonly MalformedEntry[];
}

/** The indices to mirror of one suite. */
export interface IndexSelection {
  readonly indices: readonly WantedIndex[];
  readonly notes: readonly SuiteNote[];
}

/** What is worth a warning about a suite. */
export type SuiteNote =
  /** What Release calls itself, where the suite was asked for by another name: apt warns too, debootstrap refuses. */
  | { readonly kind: "other-names"; readonly names: readonly string[] }
  /** Another suite of the mirror has it. */
  | { readonly kind: "section-lacking"; readonly section: string }
  /** Another section of the suite has it; without `section`, another suite of the mirror. */
  | {
      readonly kind: "architecture-lacking";
      readonly architecture: string;
      readonly section: string | undefined;
    }
  | { readonly kind: "sources-lacking"; readonly section: string }
  | { readonly kind: "installer-lacking" }
  /** apt looks for an index only where its uncompressed name is listed, and takes it for absent otherwise. */
  | { readonly kind: "plain-name-lacking"; readonly index: string };
