import type { Digests, ListedFile, RepositoryPath } from "../../repository/index.ts";
import type { SoughtTexts } from "./sought-texts.ts";

/**
 * A file that a tree should hold, and the index that listed it first. `digests` are those that decide, from each index
 * that lists it (decidingDigests).
 */
export interface PlannedFile extends ListedFile {
  readonly source: string;
  /** Every digest that `source` lists. */
  readonly listed: Digests;
}

/**
 * Planned files, in an order that stays. They are made when they are walked: kept, those of a first sync would take more
 * memory than everything else.
 */
export interface PlannedFiles {
  readonly count: number;
  /** The sum of the listed sizes. */
  readonly sizeBytes: number;
  files(): Iterable<PlannedFile>;
}

/** The files that a tree should hold, each path once, in the order in which the indices list them first. */
export interface TreePlan extends PlannedFiles {
  /** Their paths. */
  paths(): Iterable<RepositoryPath>;
  /** Their SHA-256, as far as these are sought. */
  digests(sought: SoughtTexts): Iterable<string>;
  countDirectories(): number;
}

/** Some of the files of a plan, chosen one after the other in its order. */
export class ChosenFiles implements PlannedFiles {
  readonly #all: PlannedFiles;
  readonly #isChosen: Uint8Array;
  #asked = 0;
  count = 0;
  sizeBytes = 0;

  constructor(all: PlannedFiles) {
    this.#all = all;
    this.#isChosen = new Uint8Array(all.count);
  }

  /** Says whether the next file is one of them. */
  next({ sizeBytes = 0 }: PlannedFile, isChosen: boolean): void {
    const at = this.#asked++;
    if (!isChosen) return;
    this.#isChosen[at] = 1;
    this.count++;
    this.sizeBytes += sizeBytes;
  }

  *files(): Generator<PlannedFile, void, undefined> {
    let at = 0;
    for (const file of this.#all.files()) if (this.#isChosen[at++] === 1) yield file;
  }
}

/** Files that are there anyway. */
export const plannedFiles = (files: readonly PlannedFile[]): PlannedFiles => ({
  count: files.length,
  sizeBytes: files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0),
  files: () => files,
});
