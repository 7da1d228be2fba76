/** Where something is in what was read. */
export type Place =
  | {
      /** The name of the file, if several were read. */
      readonly file?: string | undefined;
      /** From 1. */
      readonly line: number;
    }
  /** A word of a command line, from 1. */
  | { readonly argument: number }
  /** A field of what a program prints about a mirror. */
  | { readonly mirror: string; readonly field: string };
