/** A name under which clients see a tree of the mirror. */
export type PublicName = "staging" | "production";

/** What a name can be made to show: a snapshot, or the working mirror, whichever tree that is at the time. */
export type PublishedTree =
  | { readonly kind: "snapshot"; readonly name: string }
  | { readonly kind: "working-mirror" };

/** What a name shows. "foreign": something that mirrorctl did not publish, at `path`. */
export type Shown =
  | PublishedTree
  | { readonly kind: "none" }
  | { readonly kind: "foreign"; readonly path: string };

/**
 * How long clients of the tree shown before can go on. A client reads a Release, then its indices, and hours later the
 * packages that these list: until `graceMs` after `now`, the next tree has these files beside its own.
 */
export interface Keep {
  readonly now: Date;
  /** 0: keeps nothing. */
  readonly graceMs: number;
  /** Returns whether a file of the tree shown before is whole. Damaged files are not kept. Default: all are whole. */
  readonly isSound?: (path: string) => boolean;
  /**
   * Where the tree may have files that the next one lacks, if that is known: signature files, and at least each such file.
   * Default: all its files, found by a walk.
   */
  readonly leaving?: readonly string[];
}

/** A tree that is ready to be shown: nothing is left to do but to move the name. */
export interface Publication {
  /** How many files of the tree shown before the new one keeps. */
  readonly keptFiles: number;
  /** Moves the name in one step. After a failure it may be called again. */
  commit(): Promise<void>;
}

/**
 * Shows trees of one mirror to clients. A name leads to one complete tree at every instant, and names are independent of
 * one another. An operation that changes a name holds the lock of the mirror's snapshots; reading takes no lock.
 *
 * Every implementation runs `test/contracts/publisher.suite.ts`.
 */
export interface Publisher {
  /** Returns what a name shows. */
  read(name: PublicName): Promise<Shown>;
  /** Returns all names under which clients see a snapshot or a part of it, also those that mirrorctl did not make; sorted. */
  namesShowing(snapshot: string): Promise<readonly string[]>;
  /** Throws a PublishError if mirrorctl did not make what has the name: `prepare` and `show` would fail. */
  assertAvailable(name: PublicName): Promise<void>;
  /**
   * Does all of `show` that can take long, and most of what can fail. The name shows the old tree until `commit`. Several
   * mirrors that move together are all prepared before the first one moves.
   *
   * @param keep "nothing": does not look at the tree shown before, which may be broken.
   * @throws PublishError `TREE_UNREADABLE` if the disk cannot read the tree shown before; ENOSPC if there is no room.
   */
  prepare(
    name: PublicName,
    tree: PublishedTree,
    keep: Keep | "nothing",
    signal: AbortSignal,
  ): Promise<Publication>;
  /** Makes a name show another tree. Returns how many files of the tree shown before it keeps. */
  show(name: PublicName, tree: PublishedTree, keep: Keep | "nothing", signal: AbortSignal): Promise<number>;
  /** Removes a name. What mirrorctl did not make stays. */
  hide(name: PublicName): Promise<void>;
  /** Makes sure that a power cut does not undo what a name shows, after a run that may not have come that far. */
  flush(name: PublicName): Promise<void>;
  /** Removes the kept files whose time is over from all snapshots. Works on a full disk. Returns how many it removed. */
  dropExpired(now: Date, signal: AbortSignal): Promise<number>;
}
