import type { RepositoryPath, Sha256 } from "../../repository/index.ts";
import type { PlannedFile, TreePlan } from "./planned-files.ts";

/** A file that a tree holds. Without its SHA-256 or size, it is never taken for the planned one. */
export interface HeldFile {
  readonly path: RepositoryPath;
  readonly sha256: Sha256 | undefined;
  readonly sizeBytes: number | undefined;
}

/** What turns a tree into the planned one. */
export interface TreeDifference {
  /** Files to remove. Some paths are also in `added`, with other bytes. */
  readonly gone: readonly HeldFile[];
  /** In the order of the plan. */
  readonly added: readonly PlannedFile[];
}

/**
 * Compares the files that a tree holds with a plan. Both are usually in the same order, except for the few that changed: then
 * they are compared side by side, and only what has no counterpart nearby is looked up. That takes half of the time of
 * looking up every file, and next to no memory.
 */
export function differenceOf(held: Iterable<HeldFile>, plan: TreePlan): TreeDifference {
  const ours = new Lookahead(held);
  const theirs = new Lookahead(plan.files());
  const unmatchedHeld = new Map<RepositoryPath, HeldFile>();
  const unmatchedPlanned: PlannedFile[] = [];
  const passHeld = (count: number): void => {
    for (const file of ours.take(count)) unmatchedHeld.set(file.path, file);
  };
  const passPlanned = (count: number): void => {
    for (const planned of theirs.take(count)) unmatchedPlanned.push(planned);
  };
  for (
    let file = ours.first, planned = theirs.first;
    file && planned;
    file = ours.first, planned = theirs.first
  ) {
    if (isHeldAs(file, planned)) {
      ours.drop();
      theirs.drop();
      continue;
    }
    const heldAhead = ours.distanceOf(planned.path);
    const plannedAhead = theirs.distanceOf(file.path);
    if (heldAhead <= plannedAhead && heldAhead < aheadMax) passHeld(Math.max(1, heldAhead));
    if (plannedAhead <= heldAhead && plannedAhead < aheadMax) passPlanned(Math.max(1, plannedAhead));
    if (Math.min(heldAhead, plannedAhead) < aheadMax) continue;
    passHeld(1);
    passPlanned(1);
  }
  passHeld(Number.POSITIVE_INFINITY);
  passPlanned(Number.POSITIVE_INFINITY);
  const added = unmatchedPlanned.filter((planned) => {
    const file = unmatchedHeld.get(planned.path);
    if (file === undefined || !isHeldAs(file, planned)) return true;
    unmatchedHeld.delete(planned.path);
    return false;
  });
  return { gone: [...unmatchedHeld.values()], added };
}

/** How far ahead the counterpart of a file is looked for. */
const aheadMax = 32;

/** The next items of a sequence. */
class Lookahead<Item extends { readonly path: string }> {
  readonly #rest: Iterator<Item>;
  #items: Item[] = [];
  #at = 0;

  constructor(items: Iterable<Item>) {
    this.#rest = items[Symbol.iterator]();
  }

  get first(): Item | undefined {
    return this.#get(0);
  }

  drop(): void {
    this.#at++;
    if (this.#at < this.#items.length) return;
    this.#items = [];
    this.#at = 0;
  }

  *take(count: number): Generator<Item> {
    for (let taken = 0; taken < count; taken++) {
      const item = this.first;
      if (item === undefined) return;
      this.drop();
      yield item;
    }
  }

  /** Returns how many items come before the one of that path, or `aheadMax` if it is not near. */
  distanceOf(path: string): number {
    for (let distance = 0; distance < aheadMax; distance++)
      if (this.#get(distance)?.path === path) return distance;
    return aheadMax;
  }

  #get(distance: number): Item | undefined {
    while (this.#at + distance >= this.#items.length) {
      const { value, done } = this.#rest.next();
      if (done === true) return undefined;
      this.#items.push(value);
    }
    return this.#items[this.#at + distance];
  }
}

/**
 * True if a tree holds a file as it is planned. Another digest that decides beside SHA-256 has to be computed, so such a file
 * is never the same.
 */
export function isHeldAs({ path, sha256, sizeBytes }: HeldFile, planned: PlannedFile): boolean {
  return (
    sha256 !== undefined &&
    sizeBytes !== undefined &&
    sha256 === planned.digests.sha256 &&
    sizeBytes === planned.sizeBytes &&
    path === planned.path &&
    hasNoOther(planned.digests)
  );
}

function hasNoOther(digests: PlannedFile["digests"]): boolean {
  for (const algorithm in digests) if (algorithm !== "sha256") return false;
  return true;
}
