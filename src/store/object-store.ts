import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { objectPath, shardName } from "../layout.ts";
import { copyWithTimes, linkFile, movePath, removeFile, writeSmallFile } from "../platform/files.ts";
import { paced } from "../platform/flow/paced.ts";
import { ifAllowed, inodeIfAny, listDirectory, type Stats, statLinkIfAny } from "../platform/look.ts";
import type { Sha256 } from "../repository/index.ts";
import { adoptBytes, adoptFile, type ObjectAdopter } from "./adopt.ts";
import { pathTaken } from "./path-taken.ts";

/** Finds objects, and changes nothing. */
export interface ObjectReader {
  /**
   * Returns the path of an object, or undefined if it is not held. An object of another size than `sizeBytes`, as a power cut
   * may leave, or that is not a file, is not held.
   */
  find(sha256: Sha256, sizeBytes?: number): string | undefined;
  /**
   * Returns a function that says whether an object may be held: not if its directory did not exist when `mayHold` was called. It
   * spares a first sync most looks at objects.
   */
  mayHold(): (sha256: string) => boolean;
}

/** Links objects into trees. */
export interface ObjectLinker {
  /**
   * Makes `target`, whose directory exists, a hard link to the object. Returns false if the object is not held. Leaves a
   * target that is this object already, and throws PATH_CONFLICT for any other. An object of another size than `sizeBytes`,
   * as a power cut may leave, or that is not a file, is not held: its name is removed. A function that returns the target is
   * called only if there is an object, to make the directory.
   */
  linkTo(sha256: Sha256, target: string | (() => string), sizeBytes?: number): boolean;
}

export interface ObjectStore extends ObjectReader, ObjectLinker, ObjectAdopter {
  has(sha256: Sha256): boolean;
  /** Returns the `Inode.id` of every object. */
  inodeIds(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Removes the name of an object that has the wrong bytes. Trees that hold it keep it. */
  disown(sha256: Sha256): void;
  /** Returns when an object was last found to have the wrong bytes, by the clock of the file system. 0: never. */
  disownedAtMs(): number;
}

export function createObjectStore(objects: string): ObjectStore {
  const mark = join(objects, disownedMark);
  const disown = (sha256: Sha256): void => {
    removeFile(objectPath(objects, sha256));
    writeSmallFile(mark, "", 0o644);
  };
  const linkTo: ObjectLinker["linkTo"] = (sha256, place, sizeBytes) => {
    const object = objectPath(objects, sha256);
    const held = statLinkIfAny(object); // a link that fails costs three times as much as this look
    if (held === undefined) return false;
    const target = typeof place === "string" ? place : place();
    if (isWhole(held, sizeBytes)) {
      const linked = linkOrCopy(object, target);
      if (linked === "taken" && !isSameFile(held, statLinkIfAny(target))) throw pathTaken(target);
      return linked !== "absent"; // a sweep was faster
    }
    const inTree = statLinkIfAny(target);
    if (inTree !== undefined && !isSameFile(held, inTree)) throw pathTaken(target);
    removeFile(target);
    disown(sha256);
    return false;
  };
  return {
    find(sha256, sizeBytes) {
      const path = objectPath(objects, sha256);
      const held = statLinkIfAny(path);
      return held !== undefined && isWhole(held, sizeBytes) ? path : undefined;
    },
    mayHold() {
      const names = ifAllowed(() => listDirectory(objects).map(({ name }) => name));
      const shards = new Set(names);
      return (sha256) => names === undefined || shards.has(shardName(sha256));
    },
    linkTo,
    has: (sha256) => statLinkIfAny(objectPath(objects, sha256)) !== undefined,
    async inodeIds(signal) {
      const ids = new Set<string>();
      for await (const path of paced(pathsIn(objects), signal)) {
        const inode = inodeIfAny(path);
        if (inode !== undefined) ids.add(inode.id);
      }
      return ids;
    },
    disown,
    disownedAtMs: () => statLinkIfAny(mark)?.mtimeMs ?? 0,
    adopt(verified, sha256, target) {
      const object = objectPath(objects, sha256);
      const link = (sizeBytes?: number): boolean => linkTo(sha256, target, sizeBytes);
      if ("path" in verified) adoptFile(verified.path, object, target, link);
      else adoptBytes(verified, object, target, link);
    },
  };
}

/** Its time says when an object was last disowned: trees of before may hold it. */
const disownedMark = ".disowned";

function* pathsIn(objects: string): Generator<string> {
  for (const shard of listDirectory(objects).filter((entry) => entry.isDirectory()))
    for (const { name } of listDirectory(join(objects, shard.name))) yield join(objects, shard.name, name);
}

function linkOrCopy(object: string, target: string): "absent" | "linked" | "taken" {
  try {
    linkFile(object, target);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "absent";
    if (hasCode(error, "EEXIST")) return "taken";
    if (!hasCode(error, "EMLINK")) throw error;
    replaceByCopy(object, target);
  }
  return "linked";
}

const isWhole = (object: Stats, sizeBytes: number | undefined): boolean =>
  object.isFile() && (sizeBytes === undefined || object.size === sizeBytes);

const isSameFile = (a: Stats, b: Stats | undefined): boolean => a.ino === b?.ino && a.dev === b.dev;

/**
 * ext4 allows 65,000 names for a file. After that, this tree and later ones get a copy, and earlier ones keep their inode.
 * The copy is made in the tree, where no other mirror writes. If two do so at once, each has a complete copy.
 */
function replaceByCopy(object: string, target: string): void {
  copyWithTimes(object, target);
  const renewed = `${object}.renewed`;
  removeFile(renewed);
  try {
    linkFile(target, renewed);
    movePath(renewed, object);
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOENT")) throw error; // another mirror replaces it at this moment
  }
}
