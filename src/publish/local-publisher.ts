import { basename, dirname, join } from "node:path";
import { hasCode } from "../errors.ts";
import type { MirrorLayout } from "../layout.ts";
import { makeDirectory, removeFile, syncDirectory } from "../platform/files.ts";
import { pointLinkDurably } from "../platform/flushing/durable-file.ts";
import { listDirectory, statLinkIfAny } from "../platform/look.ts";
import { pathsLeaving, readMeta } from "../snapshot/index.ts";
import { snapshotNameFault } from "../snapshot-name.ts";
import { carryOver, dropExpired } from "./carry.ts";
import { currentGeneration } from "./generations.ts";
import type { Keep, PublicName, PublishedTree, Publisher } from "./publisher.ts";
import { assertOwnLink, linksInto, linkText, readPublicLink } from "./symbolic-links.ts";

/** Opens the publisher of a web server on this machine: names are symbolic links below `<dir>/<id>`, moved by rename(2). */
export function openLocalPublisher(layout: MirrorLayout): Publisher {
  const linkOf = (name: PublicName): string => (name === "staging" ? layout.staging : layout.production);
  const read = (name: PublicName) => readPublicLink(layout, linkOf(name));

  const point = (name: PublicName, tree: PublishedTree): void => {
    const link = linkOf(name);
    assertOwnLink(layout, link);
    makeDirectory(dirname(link));
    pointLinkDurably(link, linkText(layout, link, pathOf(layout, tree)));
  };

  const prepare: Publisher["prepare"] = async (name, tree, keep, signal) => {
    assertOwnLink(layout, linkOf(name));
    const shownDirectory = () => directoryOf(layout, read(name));
    const keptFiles = await keepForSnapshot(layout, tree, keep, shownDirectory, signal);
    return { keptFiles, commit: async () => point(name, tree) };
  };

  return {
    read: async (name) => read(name),
    namesShowing: async (snapshot) => linksInto(layout, join(layout.snapshots, snapshot)),
    assertAvailable: async (name) => assertOwnLink(layout, linkOf(name)),
    prepare,
    async show(name, tree, keep, signal) {
      const publication = await prepare(name, tree, keep, signal);
      await publication.commit();
      return publication.keptFiles;
    },
    async hide(name) {
      const link = linkOf(name);
      if (statLinkIfAny(link)?.isSymbolicLink() !== true) return;
      removeFile(link);
      syncDirectory(dirname(link));
    },
    flush: async (name) => syncDirectory(dirname(linkOf(name))),
    async dropExpired(now, signal) {
      let files = 0;
      for (const entry of listDirectory(layout.snapshots)) {
        if (!entry.isDirectory() || snapshotNameFault(entry.name) !== undefined) continue;
        files += await dropExpired(join(layout.snapshots, entry.name), now, signal);
      }
      return files;
    },
  };
}

const pathOf = ({ snapshots, live }: MirrorLayout, tree: PublishedTree): string =>
  tree.kind === "snapshot" ? join(snapshots, tree.name) : live;

/** Returns the directory of the tree that a name shows; undefined if it shows none, or none of mirrorctl's. */
function directoryOf(layout: MirrorLayout, shown: ReturnType<typeof readPublicLink>): string | undefined {
  if (shown.kind === "working-mirror") return currentGeneration(layout)?.path;
  if (shown.kind !== "snapshot" || snapshotNameFault(shown.name) !== undefined) return undefined;
  const path = pathOf(layout, shown);
  return statLinkIfAny(path)?.isDirectory() === true ? path : undefined;
}

/** Returns the generation whose files a tree has; undefined if that is not recorded. */
function generationOf({ trees, snapshotMeta }: MirrorLayout, tree: string): string | undefined {
  const name = basename(tree);
  return dirname(tree) === trees ? name : readMeta(snapshotMeta, name)?.generation;
}

/** Returns the files of a tree that another one may lack; undefined if it takes a walk to find them. */
function leavingBetween(layout: MirrorLayout, from: string, to: string): readonly string[] | undefined {
  const [a, b] = [generationOf(layout, from), generationOf(layout, to)];
  if (a === undefined || b === undefined) return undefined;
  const paths = a === b ? [] : pathsLeaving(layout, a, b);
  return paths && [...paths];
}

/** Carries what a name shows now into a snapshot. The files of the working mirror are for its syncs to keep. */
async function keepForSnapshot(
  layout: MirrorLayout,
  tree: PublishedTree,
  keep: Keep | "nothing",
  shownDirectory: () => string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const to = tree.kind === "snapshot" ? directoryOf(layout, tree) : undefined;
  const from = shownDirectory();
  if (keep === "nothing" || to === undefined || from === undefined || from === to) return 0;
  // If the name shows the working mirror, a sync, which has another lock, may show its next generation meanwhile.
  const hasMovedOn = (): boolean => shownDirectory() !== from;
  let files = 0;
  try {
    const leaving = leavingBetween(layout, from, to);
    files = await carryOver(from, to, { ...keep, ...(leaving === undefined ? {} : { leaving }) }, signal);
  } catch (error) {
    if (!hasCode(error, "ENOENT") || !hasMovedOn()) throw error;
  }
  return hasMovedOn() ? files + (await keepForSnapshot(layout, tree, keep, shownDirectory, signal)) : files;
}
