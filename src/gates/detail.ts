/** One thing that a gate found, as facts. Times are ISO texts, since details are stored as JSON. */
export type Detail =
  /** What kept a gate from measuring. `hint` says what to do about it. */
  | { readonly kind: "problem"; readonly reason: string; readonly hint?: string | undefined }
  /** A file of the tree that is missing or damaged. */
  | { readonly kind: "damaged-file"; readonly path: string; readonly reason: string }
  /** A package that the tree lacks. */
  | { readonly kind: "package-missing"; readonly name: string };

/** More would fill the screen and the disk. `more` counts the others. */
export const detailsMax = 100;
