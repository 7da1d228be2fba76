/** A listed file that upstream does not have, or has with other bytes. */
export interface MissingFile {
  readonly path: string;
  /** The path of an index that lists it. */
  readonly listedIn: string;
  /** The answer of upstream or the difference of the bytes, in a sentence that begins with the path. */
  readonly problem: string;
}

/** Returns the line that announces the files. */
export const missingText = (files: number): string =>
  `upstream lists ${files === 1 ? "a file" : `${files} files`} that it does not have as listed:`;

export const missingFileText = ({ problem, listedIn }: MissingFile): string =>
  `${problem} (listed in ${listedIn})`;
