import type { FoundFile, SoughtContent } from "../../../found-files/index.ts";
import type { Digests, ListedFile } from "../../../repository/index.ts";

/** A found file, and the sought files that it may be. */
export interface Match {
  readonly from: FoundFile;
  readonly files: SoughtContent<ListedFile>["files"];
}

/** Reads found files, and decides what they are. */
export interface Judge {
  /** Reads each file, and notes which of them are what they may be. */
  judge(matches: readonly Match[]): Promise<void>;
  /** True for a sought file that is found. */
  has(file: ListedFile): boolean;
  /** Files that turned out to have other bytes than their name says. */
  readonly others: readonly OtherBytes[];
}

export interface OtherBytes {
  readonly from: FoundFile;
  readonly digests: Digests;
}
