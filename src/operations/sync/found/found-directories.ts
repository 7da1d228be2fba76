import type { Way } from "../../../store/index.ts";

/** Directories of this disk with files that may be used in place of downloads. */
export interface FoundDirectories {
  readonly directories: readonly string[];
  /** Links files into the store where that is safe, in place of copying them. */
  readonly link: boolean;
}

/** What was used in place of downloads. */
export interface Reused {
  readonly files: number;
  readonly sizeBytes: number;
  /** How many of the files came in each way. */
  readonly ways: Readonly<Record<Way, number>>;
}

export const addReused = (one: Reused | undefined, other: Reused | undefined): Reused | undefined =>
  one &&
  other && {
    files: one.files + other.files,
    sizeBytes: one.sizeBytes + other.sizeBytes,
    ways: {
      linked: one.ways.linked + other.ways.linked,
      cloned: one.ways.cloned + other.ways.cloned,
      copied: one.ways.copied + other.ways.copied,
    },
  };
