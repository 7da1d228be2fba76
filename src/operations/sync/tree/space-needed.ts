import { join } from "node:path";
import { type MirrorLayout, objectShard } from "../../../layout.ts";
import {
  addSpace,
  countDirectoriesOf,
  noSpace,
  type PlannedFile,
  type PlannedFiles,
  type Space,
  spaceOfDirectories,
  spaceOfFiles,
  subtractSpace,
  type TreePlan,
  type WantedIndex,
} from "../../../plan/index.ts";
import {
  ifAllowed,
  listDirectory,
  nearestExisting,
  statIfAny,
  statLinkIfAny,
} from "../../../platform/look.ts";
import { type ListedEntry, type ListedFile, parseSha256 } from "../../../repository/index.ts";
import { type ObjectReader, partialName } from "../../../store/index.ts";
import type { MirrorContext } from "../../context.ts";

/*
 * The disk space that each step of a sync takes. A sync checks it before the step, a dry run adds up all steps.
 */

/** State, records, links, and what partials have beside their bytes. */
const ownSpace: Space = { bytes: 32 * 4096, inodes: 32 };

/** Adds what any run takes that downloads or makes something. */
export const withOwn = (space: Space): Space => (space.inodes === 0 ? noSpace : addSpace(space, ownSpace));

/** A future object. */
export type NewObject = Pick<ListedFile, "digests" | "sizeBytes">;

/** Returns the listed forms of indices that are not held: those that a sync requests. */
export function missingForms(objects: ObjectReader, indices: readonly WantedIndex[]): readonly ListedEntry[] {
  const entries = indices.flatMap(({ compressed, plain }) =>
    compressed.length > 0 ? compressed.map(({ entry }) => entry) : plain === undefined ? [] : [plain],
  );
  return entries.filter(
    ({ digests, sizeBytes }) =>
      digests.sha256 === undefined || objects.find(parseSha256(digests.sha256), sizeBytes) === undefined,
  );
}

/** Returns files by a name that distinguishes their contents. */
const contentsOf = (files: Iterable<PlannedFile>): ReadonlyMap<string, PlannedFile> =>
  new Map(Iterator.from(files).map((file) => [partialName(file), file]));

/** Space for files that are not held, each content once, without what partials have of them. */
export function spaceForFiles(layout: MirrorLayout, missing: PlannedFiles): Space {
  const contents = contentsOf(missing.files());
  return subtractSpace(spaceOfObjects(layout, contents.values()), spaceOfPartials(layout, contents));
}

/** Space that partials of these contents take already. */
export function spaceOfPartials(
  { partial }: MirrorLayout,
  contents: Pick<ReadonlyMap<string, unknown>, "has">,
): Space {
  const found = ifAllowed(() => listDirectory(partial)) ?? []; // others than the owner may not read it
  const left = found.filter(({ name }) => contents.has(name));
  const sizes = left.map(({ name }) => statLinkIfAny(join(partial, name))?.size);
  return spaceOfFiles(
    sizes.filter((sizeBytes) => sizeBytes !== undefined).map((sizeBytes) => ({ sizeBytes })),
  );
}

/** Space for the directories of planned files. */
export const spaceForDirectories = (files: PlannedFiles): Space =>
  spaceOfDirectories(countDirectoriesOf(pathsOf(files.files())));

/** What a tree contains before its packages: signature files and indices. */
export interface Metadata {
  readonly directories: number;
  readonly files: Space;
}

/** Measures a tree without its packages. Names of the same inode count once. */
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

/** Space for the snapshot of a tree: directories, and copies of all files if it is on another file system than `dir`. */
export function spaceForSnapshot(
  { layout, mirror }: Pick<MirrorContext, "layout" | "mirror">,
  plan: TreePlan,
  metadata: Metadata,
): { readonly inDir: Space; readonly elsewhere: Space } {
  if (!mirror.snapshotEachSync) return { inDir: noSpace, elsewhere: noSpace };
  const directories = spaceOfDirectories(plan.countDirectories() + metadata.directories);
  if (!isElsewhere(layout.dir, mirror.snapshot.path)) return { inDir: directories, elsewhere: noSpace };
  const copies = addSpace(metadata.files, spaceOfFiles(contentsOf(plan.files()).values()));
  return { inDir: noSpace, elsewhere: addSpace(directories, copies) };
}

function* pathsOf(files: Iterable<PlannedFile>): Generator<string> {
  for (const { path } of files) yield path;
}

/** A directory that does not exist yet will be made on the file system of the one above it. */
const isElsewhere = (dir: string, snapshots: string): boolean =>
  statIfAny(nearestExisting(snapshots))?.dev !== statIfAny(nearestExisting(dir))?.dev;

/** Space for new objects, with the directories of the store that do not exist yet. */
export function spaceOfObjects({ objects }: MirrorLayout, files: Iterable<NewObject>): Space {
  const oneOfEachShard = new Map<string, string>();
  const noting = Iterator.from(files).map((file) => {
    const { sha256 } = file.digests;
    if (sha256 !== undefined) oneOfEachShard.set(sha256.slice(0, 2), sha256);
    return file;
  });
  const ofFiles = spaceOfFiles(noting);
  const shards = new Set(
    [...oneOfEachShard.values()].map((sha256) => objectShard(objects, parseSha256(sha256))),
  );
  const missing = [...shards].filter((shard) => statLinkIfAny(shard) === undefined);
  return addSpace(ofFiles, spaceOfDirectories(missing.length));
}
