/**
 * Files outside `dir` that belong to whoever starts mirrorctl: keys, certificates, passwords. They are read through this
 * interface, because a run that gives up root's rights can no longer open them afterwards.
 */
import { join } from "node:path";
import { listDirectory, readBytes, statIfAny } from "./files.ts";

export interface InvokerFiles {
  /** The names of the files and links in a folder, sorted; none if there is no such folder. */
  names(folder: string): readonly string[];
  /** Throws what readFile(2) fails with, ENOENT included. */
  read(path: string): Buffer;
  /** The permission bits, or undefined if there is no such file. */
  mode(path: string): number | undefined;
}

export const invokerFiles: InvokerFiles = {
  names: (folder) =>
    listDirectory(folder)
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .toSorted(),
  read: readBytes,
  mode: (path) => statIfAny(path)?.mode,
};

/** Reads the files, and all files of the folders, now; returns them, or the same errors, when they are asked for. */
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
