import type { WantedIndex } from "../../../plan/index.ts";
import { readChunks } from "../../../platform/files.ts";
import { RunningDigests } from "../../../platform/running-digests.ts";
import type { ListedFile, RepositoryPath, Sha256 } from "../../../repository/index.ts";
import type { ReceivedBytes, ReceivedFile } from "../../../store/index.ts";
import { checkDigests, TrustError } from "../../../trust/index.ts";

/** Where listed files are put: the draft of a tree, or the temporary directory of a dry run. */
export interface Intake {
  /** The directory of the tree. */
  readonly root: string;
  /** The directory of downloads that are not checked yet. */
  readonly partials: string;
  /** Throws if there is no room for those of the indices that are not held. */
  assertRoomFor(indices: readonly WantedIndex[]): void;
  /** Puts a file into the tree if its bytes are held. Returns false if they are not. */
  readonly linkHeld: (file: ListedFile) => Promise<boolean>;
  /** The same for indices: held bytes are hashed again, since they decide what else is downloaded. */
  readonly linkHeldRechecked: (file: ListedFile) => Promise<boolean>;
  /** Puts checked bytes into the tree. If they were in a file, that is gone afterwards. */
  adopt(verified: ReceivedBytes, sha256: Sha256, path: RepositoryPath): void;
  /** Gives a file of the tree a second name in it. */
  linkWithin(from: RepositoryPath, to: RepositoryPath): void;
}

/**
 * Puts received bytes into the tree if their size and every listed digest match. Throws the TrustError of the first that
 * does not.
 */
export function checkAndAdopt(intake: Intake, file: ListedFile, received: ReceivedFile): void {
  const { digests, sizeBytes } = received;
  checkDigests(digests, sizeBytes, { ...file, sizeBytes: file.sizeBytes ?? sizeBytes });
  intake.adopt(received.bytes, digests.sha256, file.path);
}

/** Returns true if SHA-256 alone decides, which is the name of an object. */
export function isDecidedByName({ digests }: ListedFile): boolean {
  const { sha256, ...others } = digests;
  return sha256 !== undefined && Object.keys(others).length === 0;
}

type HashedFile = Omit<ReceivedFile, "bytes">;

/** Reads a file and computes SHA-256 and every listed digest. */
export async function hashFile(path: string, { digests }: ListedFile): Promise<HashedFile> {
  const running = new RunningDigests(digests);
  for await (const chunk of readChunks(path)) running.update(chunk);
  const { sizeBytes } = running;
  return { sizeBytes, digests: running.finish() };
}

export function isAsListed({ sizeBytes, digests }: HashedFile, file: ListedFile): boolean {
  try {
    checkDigests(digests, sizeBytes, { ...file, sizeBytes: file.sizeBytes ?? sizeBytes });
    return true;
  } catch (error) {
    if (error instanceof TrustError) return false;
    throw error;
  }
}
