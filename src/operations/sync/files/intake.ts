import type { WantedIndex } from "../../../plan/index.ts";
import type { ListedFile, RepositoryPath, Sha256 } from "../../../repository/index.ts";

/** Where files come to stand that are read or downloaded: a tree that a sync makes, or a place for a look. */
export interface Intake {
  /** The directory of the tree. */
  readonly root: string;
  /** Where downloads are until they are checked. */
  readonly partials: string;
  /** Throws where there is no room for those of the indices that are not held. */
  assertRoomFor(indices: readonly WantedIndex[]): void;
  /** Puts a file into the tree if its bytes are held, without a request; false where they are not. */
  readonly linkHeld: (file: ListedFile) => Promise<boolean>;
  /** The same for indices, whose bytes decide what else comes: they are hashed again. */
  readonly linkHeldRechecked: (file: ListedFile) => Promise<boolean>;
  /** Puts the checked bytes at `verified` into the tree; they are gone from there afterwards. */
  adopt(verified: string, sha256: Sha256, path: RepositoryPath): void;
  /** Gives a file of the tree a second name in it. */
  linkWithin(from: RepositoryPath, to: RepositoryPath): void;
}
