import type { WantedIndex } from "../../../plan/index.ts";
import { readChunks } from "../../../platform/look.ts";
import { RunningDigests } from "../../../platform/running-digests.ts";
import type { ListedFile, RepositoryPath } from "../../../repository/index.ts";
import type { Found, Received } from "../../../store/index.ts";
import { mismatchOf, type TrustError } from "../../../trust/index.ts";

/** Where listed files are put: the draft of a tree, or the temporary directory of a dry run. */
export interface Intake {
  /** The directory of the tree. */
  readonly root: string;
  /** The directory of downloads that are not checked yet. */
  readonly partials: string;
  /** Throws if there is no room for those of the indices that are not held. */
  assertRoomFor(indices: readonly WantedIndex[]): void;
  /** Puts a file into the tree if its bytes are held. Returns false if they are not. A promise only if it reads bytes. */
  readonly linkHeld: (file: ListedFile) => boolean | Promise<boolean>;
  /** The same for indices: held bytes are hashed again, since they decide what else is downloaded. */
  readonly linkHeldRechecked: (file: ListedFile) => Promise<boolean>;
  /**
   * Puts received bytes into the tree if they are the listed ones: their size and every listed digest. If they were in a file,
   * that is gone afterwards. Otherwise leaves them, and returns what they are.
   */
  keep(received: Received, file: ListedFile): Promise<Found | undefined>;
  /** Gives a file of the tree a second name in it. */
  linkWithin(from: RepositoryPath, to: RepositoryPath): void;
}

/** Puts received bytes into the tree, or throws a TrustError that says how they differ from what is listed. */
export async function keepListed(intake: Intake, file: ListedFile, received: Received): Promise<void> {
  const found = await intake.keep(received, file);
  if (found !== undefined) throw mismatchWith(found, file);
}

/** Returns how found bytes, which were not kept, differ from what is listed. */
export function mismatchWith(found: Found, file: ListedFile): TrustError {
  const mismatch = mismatchOf(found, { ...file, sizeBytes: file.sizeBytes ?? found.sizeBytes });
  if (mismatch === undefined) throw new Error(`${file.path}: the listed bytes were not kept`);
  return mismatch;
}

/** Returns true if SHA-256 alone decides, which is the name of an object. */
export function isDecidedByName({ digests }: ListedFile): boolean {
  for (const algorithm in digests) if (algorithm !== "sha256") return false;
  return digests.sha256 !== undefined;
}

/** Reads a file and computes SHA-256 and every listed digest. */
export async function hashFile(path: string, { digests }: ListedFile): Promise<Found> {
  const running = new RunningDigests(digests);
  for await (const chunk of readChunks(path)) running.update(chunk);
  const { sizeBytes } = running;
  return { sizeBytes, digests: running.finish() };
}
