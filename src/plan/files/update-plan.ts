import { RepositoryError, type RepositoryPath } from "../../repository/index.ts";
import { FilePlan } from "./file-plan.ts";
import {
  comparedBytesMax,
  type IndexDifference,
  type IndexListing,
  isKept,
  type LineRange,
  type NewStanza,
} from "./index-listing.ts";
import { formatLine, formatRepeated, LineCursor, type LineOrigin } from "./list-lines.ts";
import { ListedPlan } from "./listed-plan.ts";
import { assertNoMetadata, type SuiteMetadata, topsOfMetadata } from "./metadata-paths.ts";
import type { TreePlan } from "./planned-files.ts";
import { SoughtTexts } from "./sought-texts.ts";
import { type HeldFile, isHeldAs, type TreeDifference } from "./tree-difference.ts";

/** The plan of an earlier tree, as lines. */
export interface EarlierPlan extends Pick<TreePlan, "count" | "sizeBytes"> {
  readonly text: string;
}

/** How the indices differ from those of the earlier tree. */
export interface IndexChanges {
  readonly indices: readonly IndexDifference[];
  /** The lines of indices that are no longer there. */
  readonly gone: readonly LineRange[];
}

/** A plan, and what turns the earlier tree into it. */
export interface UpdatedPlan extends TreeDifference {
  readonly plan: ListedPlan;
}

/**
 * Returns the plan that a FilePlan of all stanzas would be, without a look at those that have not changed: only the paths that
 * a stanza lists which came or went are planned, by a FilePlan of their own. That is enough, since no path depends on another
 * one. Returns undefined for everything else, including what a FilePlan would refuse: then all stanzas must be read.
 */
export function updatePlan(
  suites: readonly SuiteMetadata[],
  earlier: EarlierPlan,
  changes: IndexChanges,
): UpdatedPlan | undefined {
  const update = new PlanUpdate(suites, earlier, changes);
  try {
    const listings = changes.indices.map((index) => update.list(index));
    return update.isDoubtful ? undefined : update.finish(listings);
  } catch (error) {
    if (error instanceof RepositoryError) return undefined; // the full plan says where
    throw error;
  }
}

class PlanUpdate {
  readonly #suites: readonly SuiteMetadata[];
  /** What each path begins with that may take the place of metadata. */
  readonly #tops: readonly string[];
  readonly #earlier: EarlierPlan;
  /** Paths that a stanza lists which came or went. */
  readonly #touched = new SoughtTexts();
  /** What the earlier tree had at these paths. */
  readonly #before = new Map<RepositoryPath, HeldFile>();
  /** What the new tree has at these paths. */
  readonly #after: FilePlan;
  isDoubtful = false;

  constructor(suites: readonly SuiteMetadata[], earlier: EarlierPlan, { indices, gone }: IndexChanges) {
    this.#suites = suites;
    this.#tops = topsOfMetadata(suites);
    this.#earlier = earlier;
    this.#after = new FilePlan(suites);
    for (const range of [...gone, ...indices.flatMap(({ removed }) => removed)])
      for (const line = this.#linesOf(range); line.next(); ) {
        this.#touched.add(line.path);
        this.#note(line);
      }
    for (const segment of indices.flatMap(({ segments }) => segments))
      if (!isKept(segment))
        for (const { path } of segment.flatMap(({ files }) => files)) this.#touched.add(path);
  }

  /** Takes the lines of an index into the new plan. Called in the order of the indices. */
  list(index: IndexDifference): IndexListing {
    const { name, path, compression, key, sizeBytes, sha256, blocks, segments } = index;
    const parts = segments.map((segment, at) => {
      if (isKept(segment)) return this.#keep(segment, name);
      // Stanzas without files belong to the next line, and a line that is kept says what it said before.
      if (segment.at(-1)?.files.length === 0 && at < segments.length - 1) this.isDoubtful = true;
      return this.#add(segment, name);
    });
    return { name, path, compression, key, sizeBytes, sha256, blocks, parts };
  }

  finish(listings: readonly IndexListing[]): UpdatedPlan {
    let { count, sizeBytes } = this.#earlier;
    for (const file of this.#before.values()) {
      count--;
      sizeBytes -= file.sizeBytes ?? 0;
    }
    const before = (path: RepositoryPath) => this.#before.get(path);
    const planned = [...this.#after.files()];
    const gone = [...this.#before.values()].filter((file) => {
      const now = this.#after.get(file.path);
      return now === undefined || !isHeldAs(file, now);
    });
    const added = planned.filter((file) => {
      const held = before(file.path);
      return held === undefined || !isHeldAs(held, file);
    });
    const totals = { count: count + planned.length, sizeBytes: sizeBytes + this.#after.sizeBytes };
    return { plan: new ListedPlan(listings, totals), gone, added };
  }

  #linesOf({ start, end }: LineRange): LineCursor {
    return new LineCursor(this.#earlier.text, start, end);
  }

  #note(line: LineCursor): void {
    if (!line.isRepeated) this.#before.set(line.path, line.file);
  }

  #keep(range: LineRange, source: string): string {
    for (const line = this.#linesOf(range); line.next(); ) {
      if (line.isPathIn(this.#touched)) this.#plan(line, source);
      else if (!line.isRepeated && this.#tops.some((top) => line.pathBeginsWith(top)))
        this.#assertNoMetadata(line, source);
    }
    return this.#earlier.text.slice(range.start, range.end);
  }

  /** A Release may list other metadata than the one before. */
  #assertNoMetadata({ file: { path, sha256, sizeBytes } }: LineCursor, source: string): void {
    assertNoMetadata(
      { path, sizeBytes, digests: sha256 === undefined ? {} : { sha256 } },
      source,
      this.#suites,
    );
  }

  /** A line stays as it is only if it is still the first one of its path, or still is not. */
  #plan(line: LineCursor, source: string): void {
    this.#note(line);
    const held = this.#before.get(line.path);
    if (held?.sha256 === undefined) {
      this.isDoubtful = true;
      return;
    }
    const { path, sizeBytes, sha256 } = held;
    const isFirst = this.#after.add({ path, sizeBytes, digests: { sha256 } }, source);
    if (isFirst === line.isRepeated) this.isDoubtful = true;
  }

  #add(stanzas: readonly NewStanza[], source: string): string {
    let text = "";
    let unlistedBytes = 0;
    for (const { bytes, files } of stanzas) {
      const stanzaBytes = bytes + unlistedBytes;
      let from: LineOrigin = stanzaBytes;
      unlistedBytes = files.length === 0 ? stanzaBytes : 0;
      if (stanzaBytes > comparedBytesMax) this.isDoubtful = true;
      for (const file of files) {
        const { path, sizeBytes, digests } = file;
        const { sha256 } = digests;
        if (sha256 === undefined || sizeBytes === undefined) this.isDoubtful = true;
        const isFirst = this.#after.add(file, source);
        text += isFirst ? formatLine({ path, sha256, sizeBytes }, from) : formatRepeated(path, from);
        from = "same";
      }
    }
    return text;
  }
}
