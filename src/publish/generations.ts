import { basename, dirname, join, resolve } from "node:path";
import { carriedDirectory, carriedRecordOf, type MirrorLayout } from "../layout.ts";
import {
  listDirectory,
  readLinkIfAny,
  removeFile,
  removeTree,
  statIfAny,
  statLinkIfAny,
} from "../platform/files.ts";

/** A tree of the working mirror: one for each sync that fetched something. */
export interface Generation {
  readonly name: string;
  readonly path: string;
}

/** Returns the generation that the working mirror shows; undefined before the first complete sync. */
export function currentGeneration({ live }: MirrorLayout): Generation | undefined {
  const text = readLinkIfAny(live);
  if (text === undefined) return undefined;
  const path = resolve(dirname(live), text);
  return statIfAny(path)?.isDirectory() === true ? { name: basename(path), path } : undefined;
}

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

/**
 * Removes every tree except the one that is shown and the draft at `draft`, and the records of what they carried. Returns
 * how many trees and records it removed.
 */
export async function removeOtherGenerations(layout: MirrorLayout, draft?: string): Promise<number> {
  const { trees } = layout;
  const shown = currentGeneration(layout)?.path;
  const records = join(trees, carriedDirectory);
  const kept = [shown, draft, records];
  const others = pathsIn(trees).filter((path) => !kept.includes(path));
  for (const tree of others) await removeTree(tree);
  const keptRecord = shown === undefined ? undefined : carriedRecordOf(shown);
  const otherRecords = pathsIn(records).filter((path) => path !== keptRecord);
  for (const record of otherRecords) removeFile(record);
  return others.length + otherRecords.length;
}

const pathsIn = (directory: string): readonly string[] =>
  listDirectory(directory).map(({ name }) => join(directory, name));
