import type { Compression, ListedEntry, MalformedEntry, Suite } from "../../repository/index.ts";
import type { Classified, SectionSelection } from "./index-kinds.ts";

/** What a mirror wants of each of its suites. */
export interface MirrorSelection extends SectionSelection {
  /** Ignored for a flat suite, like the architectures. */
  readonly sections: readonly string[];
}

/** What a mirror wants of one suite. */
export interface Selection extends MirrorSelection {
  readonly suite: Suite;
}

export interface ListedForm {
  readonly compression: Compression;
  readonly entry: ListedEntry;
}

/** The forms in which Release lists one file. */
export interface IndexForms {
  /** Of the uncompressed form, relative to the directory of the Release. */
  readonly name: string;
  /**
   * The uncompressed form as listed. Upstreams list it without having it. Its size limits the decompression of the
   * others, and its digests check the result.
   */
  readonly plain: ListedEntry | undefined;
  /** The compressed forms, those that decode fastest first. lzma and lz4 can be read only if a program is installed. */
  readonly compressed: readonly ListedForm[];
  /** The forms that are listed without a digest and size to check them by. */
  readonly malformed: readonly MalformedEntry[];
}

/** One index of a suite, in all the forms in which Release lists it. */
export interface WantedIndex extends IndexForms, Classified {
  /** If true, the tree must have at least one form. */
  readonly required: boolean;
}

/** The indices to mirror of one suite. */
export interface IndexSelection {
  readonly indices: readonly WantedIndex[];
  readonly notes: readonly SuiteNote[];
}

/** What a suite lacks or does otherwise, and is worth a warning. */
export type SuiteNote =
  /** The names in Release, if none of them is the requested one: apt warns too, debootstrap refuses. */
  | { readonly kind: "other-names"; readonly names: readonly string[] }
  /** Another suite of the mirror has the section. */
  | { readonly kind: "section-lacking"; readonly section: string }
  /** Another section of the suite has the architecture; without `section`, another suite of the mirror. */
  | {
      readonly kind: "architecture-lacking";
      readonly architecture: string;
      readonly section: string | undefined;
    }
  | { readonly kind: "sources-lacking"; readonly section: string }
  | { readonly kind: "installer-lacking" }
  /** apt looks for an index only if its uncompressed name is listed, and otherwise takes it as absent. */
  | { readonly kind: "plain-name-lacking"; readonly index: string };
