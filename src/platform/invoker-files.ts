/**
 * Files outside `dir` that belong to the user who starts mirrorctl: keys, certificates, passwords. They are read through
 * this interface, because a run that gives up root's rights cannot open them afterwards.
 */
import { join } from "node:path";
import { listDirectory, statIfAny } from "./look.ts";
import { readBounded } from "./read-bounded.ts";

export interface InvokerFiles {
  /** Returns the sorted names of the files and links in a folder; none if the folder does not exist. */
  names(folder: string): readonly string[];
  /** Throws the errors of open(2) and read(2), including ENOENT; EFBIG for a file that has no end, or is far too large. */
  read(path: string): Buffer;
  /** Returns the permission bits; undefined if there is no such file. */
  mode(path: string): number | undefined;
}

/** All keys of Debian's developers are 30 MB. */
const bytesMax = 64 << 20;

export const invokerFiles: InvokerFiles = {
  names: (folder) =>
    listDirectory(folder)
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .toSorted(),
  read: (path) => readBounded(path, bytesMax),
  mode: (path) => statIfAny(path)?.mode,
};

/** Reads the files, and all files of the folders, now. The result returns them later, or throws the same errors. */
export function readAhead(paths: readonly string[], folders: readonly string[]): InvokerFiles {
  const names = new Map(folders.map((folder) => [folder, attempt(() => invokerFiles.names(folder))]));
  const inFolders = [...names].flatMap(([folder, listed]) =>
    "error" in listed ? [] : listed.value.map((name) => join(folder, name)),
  );
  const all = [...paths, ...inFolders];
  const bytes = new Map(all.map((path) => [path, attempt(() => invokerFiles.read(path))]));
  const modes = new Map(all.map((path) => [path, attempt(() => invokerFiles.mode(path))]));
  return {
    names: (folder) => valueOf(names.get(folder) ?? attempt(() => invokerFiles.names(folder))),
    read: (path) => valueOf(bytes.get(path) ?? attempt(() => invokerFiles.read(path))),
    mode: (path) => valueOf(modes.get(path) ?? attempt(() => invokerFiles.mode(path))),
  };
}

type Attempt<Value> = { readonly value: Value } | { readonly error: unknown };

function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function valueOf<Value>(attempted: Attempt<Value>): Value {
  if ("error" in attempted) throw attempted.error;
  return attempted.value;
}
