import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import { statLinkIfAny } from "../../platform/look.ts";
import { type ListedFile, parseSha256 } from "../../repository/index.ts";
import { isListed } from "../../store/index.ts";
import { hashFile, isDecidedByName } from "../sync/index.ts";
import type { DryRunContext } from "./dry-run-context.ts";

type HeldPorts = Pick<DryRunContext, "working" | "objects">;

/** Finds what a sync would link in place of downloading it, by the same rules. */
export interface HeldFiles {
  /** The path of the bytes of a listed file; undefined where they are not held. */
  find(file: ListedFile): Promise<string | undefined> | string | undefined;
  /** The same for indices, which are read. */
  findRechecked(file: ListedFile): Promise<string | undefined>;
}

export function heldFiles({ working, objects }: HeldPorts): HeldFiles {
  const mayHold = objects.mayHold();
  const findUnread = (file: ListedFile): string | undefined => {
    const { sha256 } = file.digests;
    if (sha256 === undefined) return findInWorkingMirror(working, file);
    return mayHold(sha256) ? objects.find(parseSha256(sha256), file.sizeBytes) : undefined;
  };
  const findRechecked = async (file: ListedFile): Promise<string | undefined> => {
    const path = findUnread(file);
    return path !== undefined && (await hasListedBytes(path, file)) ? path : undefined;
  };
  return {
    find: (file) => (isDecidedByName(file) ? findUnread(file) : findRechecked(file)),
    findRechecked,
  };
}

function findInWorkingMirror(working: HeldPorts["working"], file: ListedFile): string | undefined {
  const generation = working.current();
  const path = generation && join(generation.path, file.path);
  const stats = path === undefined ? undefined : statLinkIfAny(path);
  return stats?.isFile() === true && stats.size === file.sizeBytes ? path : undefined;
}

/** A sync may be under way, and remove what was just found. */
async function hasListedBytes(path: string, file: ListedFile): Promise<boolean> {
  try {
    return isListed(await hashFile(path, file), file);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}
