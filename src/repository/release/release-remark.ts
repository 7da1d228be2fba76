/**
 * A mistake in a signed Release that does not keep it from being read. Its texts are those of the Release, neither
 * shortened nor escaped.
 */
export type ReleaseRemark =
  /** A line that apt reads as the name of a field, up to the next colon; `lostField` is the field that is lost by that. */
  | {
      readonly kind: "line-broken";
      readonly line: number;
      readonly text: string;
      readonly lostField: string | undefined;
    }
  /** A second stanza begins at `line`. */
  | { readonly kind: "text-behind"; readonly line: number }
  | { readonly kind: "date-unreadable"; readonly text: string }
  /** As in RFC 850: apt adds the year to 1900. */
  | { readonly kind: "year-short"; readonly field: "Date" | "Valid-Until"; readonly text: string }
  /** Before 1970, which apt reads as no limit. */
  | { readonly kind: "valid-until-without-effect"; readonly text: string }
  /** The first of `count` files with an unreadable digest or size. */
  | ({ readonly kind: "entry-malformed"; readonly count: number } & MalformedEntry)
  /** Names that apt never requests, or in another spelling; contradicting entries; digits that apt never matches. */
  | {
      readonly kind: "names-unasked" | "names-contradicted" | "digests-upper-case";
      readonly name: string;
      readonly count: number;
    };

/** A line in a list of files with an unreadable digest or size. */
export interface MalformedEntry {
  /** Relative to the directory of the Release file. */
  readonly name: string;
  /** The name of the list in Release, such as "SHA256". */
  readonly list: string;
  /** Undefined if it is not known. */
  readonly line: number | undefined;
  readonly text: string;
  /** In words, such as: not a size in bytes: "-1". */
  readonly problem: string;
}
