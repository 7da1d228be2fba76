import { dirname, join } from "node:path";
import { hasCode } from "../../errors.ts";
import { type MirrorLayout, objectPath } from "../../layout.ts";
import {
  addSpace,
  countDirectoriesOf,
  type FilePlan,
  noSpace,
  type PlannedFile,
  type Space,
  spaceOfDirectories,
  spaceOfFiles,
  subtractSpace,
  type WantedIndex,
} from "../../plan/index.ts";
import { listDirectory, nearestExisting, statIfAny, statLinkIfAny } from "../../platform/files.ts";
import { type ListedEntry, type ListedFile, parseSha256 } from "../../repository/index.ts";
import { type ObjectReader, partialName } from "../../store/index.ts";
import type { MirrorContext } from "../context.ts";

/*
 * What each step of a sync takes on disk. A sync asks before the step, a dry run adds up all of them.
 */

/** State, records, links, and what downloads under way have beside their bytes. */
const ownSpace: Space = { bytes: 32 * 4096, inodes: 32 };

/** With what a run takes that brings or makes anything at all. */
export const withOwn = (space: Space): Space => (space.inodes === 0 ? noSpace : addSpace(space, ownSpace));

/** Bytes that become an object. */
export type NewObject = Pick<ListedFile, "digests" | "sizeBytes">;

/** The listed forms of indices that are not held: those that a sync asks for. */
export function missingForms(objects: ObjectReader, indices: readonly WantedIndex[]): readonly ListedEntry[] {
  const entries = indices.flatMap(({ compressed, plain }) =>
    compressed.length > 0 ? compressed.map(({ entry }) => entry) : plain === undefined ? [] : [plain],
  );
  return entries.filter(
    ({ digests, sizeBytes }) =>
      digests.sha256 === undefined || objects.find(parseSha256(digests.sha256), sizeBytes) === undefined,
  );
}

/** Files by what tells their contents apart. */
export const contentsOf = (files: Iterable<PlannedFile>): ReadonlyMap<string, PlannedFile> =>
  new Map(Iterator.from(files).map((file) => [partialName(file), file]));

/** Files that are not held, each content once, but for what interrupted downloads have of them. */
export function spaceForFiles(layout: MirrorLayout, missing: readonly PlannedFile[]): Space {
  const contents = contentsOf(missing);
  return subtractSpace(spaceOfObjects(layout, contents.values()), spaceOfPartials(layout, contents.keys()));
}

/** What interrupted downloads have of contents. */
export function spaceOfPartials({ partial }: MirrorLayout, names: Iterable<string>): Space {
  const sizes = Iterator.from(names).map((name) => sizeIfAny(join(partial, name)));
  return spaceOfFiles(
    sizes.filter((sizeBytes) => sizeBytes !== undefined).map((sizeBytes) => ({ sizeBytes })),
  );
}

/** The directories of the files that are planned. */
export const spaceForDirectories = (plan: FilePlan): Space =>
  spaceOfDirectories(countDirectoriesOf(pathsOf(plan)));

/** What stands in a tree before its packages: signature files and indices. */
export interface Metadata {
  readonly directories: number;
  readonly files: Space;
}

/** Names that share their bytes count once. */
export function measureMetadata(tree: string): Metadata {
  const sizes = new Map<string, number>();
  const countDirectories = (directory: string): number => {
    let count = 0;
    for (const entry of listDirectory(directory)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) count += 1 + countDirectories(path);
      const stats = entry.isDirectory() ? undefined : statIfAny(path);
      if (stats !== undefined) sizes.set(`${stats.dev}:${stats.ino}`, stats.size);
    }
    return count;
  };
  const directories = countDirectories(tree);
  return { directories, files: spaceOfFiles([...sizes.values()].map((sizeBytes) => ({ sizeBytes }))) };
}

/** The snapshot that a sync makes of a tree: directories, and on another file system than `dir` copies of all files. */
export function spaceForSnapshot(
  { layout, mirror }: Pick<MirrorContext, "layout" | "mirror">,
  plan: FilePlan,
  metadata: Metadata,
): { readonly inDir: Space; readonly elsewhere: Space } {
  if (!mirror.snapshotEachSync) return { inDir: noSpace, elsewhere: noSpace };
  const directories = addSpace(spaceForDirectories(plan), spaceOfDirectories(metadata.directories));
  if (!isElsewhere(layout.dir, mirror.snapshot.path)) return { inDir: directories, elsewhere: noSpace };
  const copies = addSpace(metadata.files, spaceOfFiles(contentsOf(plan.files()).values()));
  return { inDir: noSpace, elsewhere: addSpace(directories, copies) };
}

function* pathsOf(plan: FilePlan): Generator<string> {
  for (const { path } of plan.files()) yield path;
}

/** What does not exist yet will be made on the file system of the directory above it. */
const isElsewhere = (dir: string, snapshots: string): boolean =>
  statIfAny(nearestExisting(snapshots))?.dev !== statIfAny(nearestExisting(dir))?.dev;

/** With the directories of the store that do not exist yet. */
export function spaceOfObjects({ objects }: MirrorLayout, files: Iterable<NewObject>): Space {
  const all = [...files];
  const shards = new Set<string>();
  for (const { digests } of all)
    if (digests.sha256 !== undefined) shards.add(dirname(objectPath(objects, parseSha256(digests.sha256))));
  const missing = [...shards].filter((shard) => statLinkIfAny(shard) === undefined);
  return addSpace(spaceOfFiles(all), spaceOfDirectories(missing.length));
}

/** Undefined also where this user may not look: then nothing is known of it. */
function sizeIfAny(path: string): number | undefined {
  try {
    return statLinkIfAny(path)?.size;
  } catch (error) {
    if (!hasCode(error, "EACCES")) throw error;
    return undefined;
  }
}
