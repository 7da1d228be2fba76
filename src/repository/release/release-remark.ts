/**
 * Something in a signed Release that is read over, or read although it is not as it should be. Its texts are what stands
 * there, neither shortened nor escaped.
 */
export type ReleaseRemark =
  /** A line that apt takes for the name of a field, up to the next colon; `lostField` is the field that this takes along. */
  | {
      readonly kind: "line-broken";
      readonly line: number;
      readonly text: string;
      readonly lostField: string | undefined;
    }
  /** A second stanza begins at `line`. */
  | { readonly kind: "text-behind"; readonly line: number }
  | { readonly kind: "date-unreadable"; readonly text: string }
  /** As RFC 850 has it: apt adds it to 1900. */
  | { readonly kind: "year-short"; readonly field: "Date" | "Valid-Until"; readonly text: string }
  /** Before 1970, which apt takes for no limit. */
  | { readonly kind: "valid-until-without-effect"; readonly text: string }
  /** The first of `count` files with a digest or a size that is none. */
  | ({ readonly kind: "entry-malformed"; readonly count: number } & MalformedEntry)
  /** Names that apt never asks for, or in another spelling; contradicting entries; digits that apt never matches. */
  | {
      readonly kind: "names-unasked" | "names-contradicted" | "digests-upper-case";
      readonly name: string;
      readonly count: number;
    };

/** A line in a list of files whose digest or size is none. */
export interface MalformedEntry {
  /** Relative to the directory of the Release file. */
  readonly name: string;
  /** As Release calls the list, such as "SHA256". */
  readonly list: string;
  /** Undefined where it is not known. */
  readonly line: number | undefined;
  readonly text: string;
  /** In words, such as: not a size in bytes: "-1". */
  readonly problem: string;
}
