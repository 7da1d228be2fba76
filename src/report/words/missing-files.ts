/** A listed file that upstream does not have, or has with other bytes. */
export interface MissingFile {
  readonly path: string;
  /** The path of an index that lists it. */
  readonly listedIn: string;
  /** The answer of upstream or the difference of the bytes, in a sentence that begins with the path. */
  readonly problem: string;
}

/** Returns the line that announces the files. `directory`: the one that was read in place of upstream. */
export function missingText(files: number, directory?: string): string {
  const count = files === 1 ? "a file" : `${files} files`;
  if (directory === undefined) return `upstream lists ${count} that it does not have as listed:`;
  return `${directory} lists ${count} that neither it nor this mirror has as listed:`;
}

/** Returns how a file was found to be absent, as a noun phrase. Without a status, a directory does not have it. */
export const absenceText = ({
  status,
  url,
}: {
  readonly status: number | undefined;
  readonly url: string;
}): string => (status === undefined ? `no ${url}` : `${status} at ${url}`);

export const missingFileText = ({ problem, listedIn }: MissingFile): string =>
  `${problem} (listed in ${listedIn})`;
