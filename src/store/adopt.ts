import { dirname } from "node:path";
import { hasCode } from "../errors.ts";
import { linkFile, makeDirectory, removeFile, statLinkIfAny, writeNewFile } from "../platform/files.ts";
import type { BytesInMemory } from "./partial-file.ts";
import { pathTaken } from "./path-taken.ts";

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
    if (nameObject(target, object)) return;
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
