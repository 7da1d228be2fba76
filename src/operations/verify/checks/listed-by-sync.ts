import {
  type ContentsReading,
  isListingOf,
  openTreeOnDisk,
  type SuiteContents,
} from "../../../contents/index.ts";
import { hasCode } from "../../../errors.ts";
import { filtersPackages } from "../../../plan/index.ts";
import type { ListedFile } from "../../../repository/index.ts";
import { readTreeList } from "../../../snapshot/index.ts";
import { isOfThisVersion } from "../../read-with.ts";
import { codesOfReading } from "./findings.ts";
import type { OpenTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

/**
 * Returns what the indices of a tree list as the sync that made it has noted, for the next one. The bytes of these indices have
 * been checked just now, so they are not decompressed and read again. Undefined for a tree that is not of the working mirror's
 * generation, and if anything else may have been listed.
 */
export function listedBySync(
  verification: Verification,
  { generation, facts }: OpenTree,
  suites: readonly SuiteContents[],
  { filters }: ContentsReading,
): { files(): Iterable<ListedFile> } | undefined {
  const shown = verification.working.current();
  if (shown === undefined || shown.name !== generation || facts === undefined) return undefined;
  if (filtersPackages(filters)) return undefined;
  const list = readIfReadable(() => readTreeList(shown.path));
  if (list?.listing === undefined || !isOfThisVersion(list.listing.readWith)) return undefined;
  if (!isListingOf(openTreeOnDisk(shown.path, verification), suites, list.listing.indices)) return undefined;
  return {
    files: () =>
      Iterator.from(list.files()).map(({ path, sizeBytes, sha256 }) => ({
        path,
        sizeBytes,
        digests: sha256 === undefined ? {} : { sha256 },
      })),
  };
}

/** If the disk does not read the list, the tree may still be whole: its indices are read in place of it. */
function readIfReadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, ...codesOfReading)) return undefined;
    throw error;
  }
}
