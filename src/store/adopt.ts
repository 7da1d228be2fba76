import { dirname } from "node:path";
import { hasCode } from "../errors.ts";
import { linkFile, makeDirectory, removeFile, writeNewFile } from "../platform/files.ts";
import { statLinkIfAny } from "../platform/look.ts";
import type { Sha256 } from "../repository/index.ts";
import { pathTaken } from "./path-taken.ts";

/** Bytes in a file or in memory. */
export type ReceivedBytes = FileOfBytes | BytesInMemory;

interface FileOfBytes {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Bytes that no file has yet, and the modification time that it is to get. */
export interface BytesInMemory {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

/** Makes objects of verified bytes. */
export interface ObjectAdopter {
  /**
   * Names verified bytes as an object and links it to `target`, whose directory exists. If they were in a file, that is gone
   * afterwards. The object has two names at any moment, so that a sweep never takes it for garbage.
   */
  adopt(verified: ReceivedBytes, sha256: Sha256, target: string): void;
}

/**
 * Makes the target a link to the object that has its name already. Returns false if there is none or if it was damaged, and
 * throws PATH_CONFLICT if the target is another file.
 */
type LinkExisting = (sizeBytes?: number) => boolean;

/** Names a file as an object and as `target`, in this order, and removes its own name. */
export function adoptFile(verified: string, object: string, target: string, link: LinkExisting): void {
  const isPlaced = nameObject(verified, object) && unlessTaken(() => linkFile(verified, target));
  if (!isPlaced && !link(statLinkIfAny(verified)?.size)) {
    // The store had a damaged object of this name, or a sweep removed the object between the two links.
    nameObject(verified, object);
    linkFile(verified, target);
  }
  removeFile(verified);
}

/**
 * Writes `target` and names it as an object. It is written where it stays, since the tree is not shown yet: most packages are
 * small, and a temporary name would cost them as much as these two names (`make bench ROWS=first-sync`).
 */
export function adoptBytes(
  verified: BytesInMemory,
  object: string,
  target: string,
  link: LinkExisting,
): void {
  const { bytes, modifiedAt } = verified;
  if (unlessTaken(() => writeNewFile(target, bytes, modifiedAt))) {
    if (unlessFailed(() => nameObject(target, object), target)) return;
    removeFile(target);
  }
  if (link(bytes.length)) return;
  if (!unlessTaken(() => writeNewFile(target, bytes, modifiedAt))) throw pathTaken(target);
  nameObject(target, object);
}

/** Returns false if there is an object of this name: another mirror has added the same bytes, or it is damaged. */
function nameObject(verified: string, object: string): boolean {
  const name = (): boolean => unlessTaken(() => linkFile(verified, object));
  try {
    return name();
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    makeDirectory(dirname(object)); // it is the first there
    return name();
  }
}

/** Removes the target if the object cannot be named, so that all of it may be tried again. */
function unlessFailed(nameIt: () => boolean, target: string): boolean {
  try {
    return nameIt();
  } catch (error) {
    removeFile(target);
    throw error;
  }
}

/** Returns false if the name exists. */
function unlessTaken(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    return false;
  }
}
