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

type Placed = { readonly place: Place | undefined };

/** Returns these in the order of files and lines, then of arguments, then as they are. What is about everything is last. */
export function inOrder<One extends Placed>(all: readonly One[]): readonly One[] {
  const files = new Map<string | undefined, number>();
  const keyOf = ({ place }: Placed): readonly [kind: number, file: number, number: number] => {
    if (place === undefined) return [3, 0, 0];
    if ("mirror" in place) return [2, 0, 0];
    return "argument" in place
      ? [1, 0, place.argument]
      : [0, files.getOrInsert(place.file, files.size), place.line];
  };
  return all
    .map((one) => ({ one, key: keyOf(one) }))
    .toSorted(({ key: a }, { key: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .map(({ one }) => one);
}
