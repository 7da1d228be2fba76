import { type KeyPath, valueAt } from "../check.ts";
import { isListOfTables } from "./merge-files.ts";
import type { ParsedFile } from "./parse-file.ts";
import type { Place } from "./positions.ts";

/** Where a key of the merged configuration is. */
export interface FoundKey {
  readonly file: string;
  readonly place: Place;
}

/** Returns a function that finds a key of the merged files: in the first file that has it, or only in the one named. */
export async function keyFinder(
  files: readonly ParsedFile[],
): Promise<(path: KeyPath, onlyIn?: string) => FoundKey | undefined> {
  // The parser with positions costs start-up time, and only this path needs it.
  const { locateKeys } = await import("./positions.ts");
  const located = files.map((file, index) => {
    const locate = locateKeys(file.text);
    return {
      file: file.path,
      find: (path: KeyPath): Place | undefined => {
        const own = pathInFile(path, files.slice(0, index));
        return own && locate(own);
      },
    };
  });
  return (path, onlyIn) => {
    for (const { file, find } of located) {
      const place = onlyIn === undefined || onlyIn === file ? find(path) : undefined;
      if (place !== undefined) return { file, place };
    }
    return undefined;
  };
}

/** Subtracts from an index of a list of tables what the files before append to that list. Undefined if it is theirs. */
function pathInFile(path: KeyPath, before: readonly ParsedFile[]): KeyPath | undefined {
  const at = path.findIndex((key) => typeof key === "number");
  if (at < 0) return path;
  const lengths = before.map(({ values }) => {
    const list = valueAt(values, path.slice(0, at));
    return isListOfTables(list) ? list.length : 0;
  });
  const index = Number(path[at]) - lengths.reduce((sum, length) => sum + length, 0);
  return index < 0 ? undefined : [...path.slice(0, at), index, ...path.slice(at + 1)];
}
