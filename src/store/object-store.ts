import { dirname } from "node:path";
import { hasCode } from "../errors.ts";
import { objectPath } from "../layout.ts";
import {
  copyWithTimes,
  linkFile,
  makeDirectory,
  movePath,
  removeFile,
  statLinkIfAny,
} from "../platform/files.ts";
import type { Sha256 } from "../repository/index.ts";

/** What a tree needs of the store: to stand on an object that is held. */
export interface ObjectLinker {
  /**
   * Makes `target` (whose directory exists) a hard link to the object; false when the object is not held. A target
   * that stands already is left as it is: a tree is written once, so it was this very object that was put there.
   */
  linkTo(sha256: Sha256, target: string): boolean;
}

export interface ObjectStore extends ObjectLinker {
  has(sha256: Sha256): boolean;
  /**
   * Names the verified bytes at `verified` as an object and stands them at `target`; `verified` is gone afterwards.
   * At no instant has the object fewer than two names, so that a sweep never takes it for garbage.
   */
  adopt(verified: string, sha256: Sha256, target: string): void;
}

export function createObjectStore(objects: string): ObjectStore {
  const linkTo = (sha256: Sha256, target: string): boolean => {
    const object = objectPath(objects, sha256);
    try {
      linkFile(object, target);
      return true;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      if (hasCode(error, "EEXIST")) return true;
      if (!hasCode(error, "EMLINK")) throw error;
    }
    standOnCopy(object, target);
    return true;
  };
  return {
    linkTo,
    has: (sha256) => statLinkIfAny(objectPath(objects, sha256)) !== undefined,
    adopt(verified, sha256, target) {
      const object = objectPath(objects, sha256);
      makeDirectory(dirname(object));
      nameObject(verified, object);
      if (!linkTo(sha256, target)) {
        // Another mirror had brought the same bytes, and a sweep took them between the two links.
        nameObject(verified, object);
        linkFile(verified, target);
      }
      removeFile(verified);
    },
  };
}

function nameObject(verified: string, object: string): void {
  try {
    linkFile(verified, object);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error; // another mirror brought the same bytes
  }
}

/**
 * ext4 ends at 65,000 names for a file: this tree and later ones stand on a copy, earlier ones keep the inode they have.
 * The copy is made in the tree, where no other mirror is at work; two that do so at once both have a whole one.
 */
function standOnCopy(object: string, target: string): void {
  copyWithTimes(object, target);
  const renewed = `${object}.renewed`;
  removeFile(renewed);
  try {
    linkFile(target, renewed);
    movePath(renewed, object);
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOENT")) throw error; // another mirror is renewing it
  }
}
