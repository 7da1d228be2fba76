import { basename, dirname, join, resolve } from "node:path";
import { hasCode } from "../errors.ts";
import { carriedDirectory, carriedRecordOf, type MirrorLayout } from "../layout.ts";
import { movePath, removeFile, syncDirectory } from "../platform/files.ts";
import { listDirectory, readLinkIfAny, statIfAny, statLinkIfAny } from "../platform/look.ts";
import { removeTree } from "../platform/remove-tree.ts";
import { hasTreeList, treeListOf } from "../snapshot/index.ts";
import { PublishError } from "./errors.ts";

/** A tree of the working mirror: one for each sync that fetched something. */
export interface Generation {
  readonly name: string;
  readonly path: string;
}

/** Returns the generation that the working mirror shows; undefined before the first complete sync. */
export function currentGeneration({ live }: Pick<MirrorLayout, "live">): Generation | undefined {
  if (statLinkIfAny(live)?.isSymbolicLink() === false) throw noLink(live);
  const text = readLinkIfAny(live);
  if (text === undefined) return undefined;
  const path = resolve(dirname(live), text);
  return statIfAny(path)?.isDirectory() === true ? { name: basename(path), path } : undefined;
}

/** A backup or a copy that followed links has whole trees in their place, each file several times. */
const noLink = (live: string): PublishError =>
  new PublishError("LINK_FOREIGN", `${live} is not a link, and mirrorctl makes one there`, {
    facts: { link: live },
    hint: "Was the directory copied or restored without its links? rsync -aH and cp -a keep them. Or remove that path: the next sync makes it again.",
  });

/** Returns every complete generation: the one that is shown, and those that killed runs left. */
export const listGenerations = ({ trees }: MirrorLayout): readonly Generation[] =>
  listDirectory(trees)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => ({ name, path: join(trees, name) }));

/** Where a generation is made, and what it is called once it is complete. */
export interface NextGeneration {
  readonly draft: string;
  readonly generation: Generation;
}

/** Returns unused paths that are named after the time. */
export function nextGeneration({ trees }: MirrorLayout, now: Date): NextGeneration {
  const time = now.toISOString().replaceAll(/[-:]/g, "");
  for (let count = 1; ; count++) {
    const name = count === 1 ? time : `${time}-${count}`;
    const draft = join(trees, `.${name}.draft`);
    const path = join(trees, name);
    // With a record that outlived its tree, files of this one would be taken for carried ones.
    const taken = [draft, path, carriedRecordOf(path)];
    if (taken.every((one) => statLinkIfAny(one) === undefined)) return { draft, generation: { name, path } };
  }
}

/** Returns when the sync that made a generation began to make it; undefined for a name that `nextGeneration` did not make. */
export function timeOfGeneration(name: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3}Z)(?:-\d+)?$/.exec(name);
  if (parts === null) return undefined;
  const [year, month, day, hours, minutes, seconds] = parts.slice(1);
  const time = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Returns the path of the spare of a generation: a hidden tree with the same files, which becomes the next one. */
export const spareOf = ({ path }: Generation): string => join(dirname(path), `.${basename(path)}.spare`);

/** A tree without a public name, while it is made the spare of the one that is shown. Without `keep` it is removed. */
export interface FutureSpare {
  readonly path: string;
  /** Called when it has the same files, which need not be on disk. */
  keep(): void;
}

/** Returns where a spare of a generation may be made. */
export function futureSpareOf(shown: Generation): FutureSpare {
  const spare = spareOf(shown);
  const path = `${spare}.draft`;
  return { path, keep: () => movePath(path, spare) };
}

/** Gives a tree the name of a future spare. Returns undefined for one on another file system, which stays where it is. */
export function takeForSpare(tree: string, shown: Generation): FutureSpare | undefined {
  const future = futureSpareOf(shown);
  try {
    movePath(tree, future.path);
  } catch (error) {
    if (hasCode(error, "EXDEV")) return undefined;
    throw error;
  }
  syncDirectory(dirname(future.path)); // or after a power cut a changed tree might have the name of a complete one
  return future;
}

/**
 * Removes every tree except the one that is shown, its spare and the draft at `draft`, and the records beside them. Returns
 * how many trees it removed.
 */
export async function removeOtherGenerations(layout: MirrorLayout, draft?: string): Promise<number> {
  const { trees } = layout;
  const generation = currentGeneration(layout);
  const shown = generation?.path;
  const records = join(trees, carriedDirectory);
  const beside =
    generation === undefined || !hasTreeList(generation.path)
      ? []
      : [spareOf(generation), treeListOf(generation.path)];
  const kept = [shown, draft, records, ...beside];
  let removed = 0;
  for (const entry of listDirectory(trees)) {
    const path = join(trees, entry.name);
    if (kept.includes(path)) continue;
    await removeTree(path);
    if (entry.isDirectory()) removed++;
  }
  const keptRecord = shown === undefined ? undefined : carriedRecordOf(shown);
  for (const record of pathsIn(records)) if (record !== keptRecord) removeFile(record);
  return removed;
}

const pathsIn = (directory: string): readonly string[] =>
  listDirectory(directory).map(({ name }) => join(directory, name));
