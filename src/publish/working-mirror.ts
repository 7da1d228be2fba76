import { dirname, relative } from "node:path";
import type { MirrorLayout } from "../layout.ts";
import { makeDirectory, syncDirectory } from "../platform/files.ts";
import { pointLinkDurably } from "../platform/flushing/durable-file.ts";
import { flushTrees } from "../platform/flushing/flush.ts";
import { listDirectory, statLinkIfAny } from "../platform/look.ts";
import { removeTree } from "../platform/remove-tree.ts";
import { removeTreeList } from "../snapshot/index.ts";
import { carryOver, dropExpired } from "./carry.ts";
import {
  currentGeneration,
  type FutureSpare,
  futureSpareOf,
  type Generation,
  listGenerations,
  type NextGeneration,
  nextGeneration,
  removeOtherGenerations,
  spareOf,
  takeForSpare,
} from "./generations.ts";
import {
  assertNotHidden,
  assertOwnDirectory,
  assertShowable,
  hideOthers,
  showNames,
} from "./names-through-live.ts";
import type { Keep } from "./publisher.ts";
import { linksInto } from "./symbolic-links.ts";

/** The tree of the last complete sync, and the names under which the web server shows it. A sync holds its lock. */
export interface WorkingMirror {
  /** Returns what is shown; undefined before the first complete sync. */
  current(): Generation | undefined;
  /** Returns every complete tree: the one that is shown, and those that killed runs left. */
  generations(): readonly Generation[];
  /** Returns unused paths that are named after the time. */
  next(now: Date): NextGeneration;
  /** Throws a PublishError if these names, the top of a tree, cannot be shown in `<dir>/<id>`. */
  assertShowable(names: Iterable<string>): void;
  /**
   * Shows another generation, which is flushed to disk before: all its names lead through one link, which moves in one
   * rename. It keeps files of the generation before, if any client can see that. Returns how many.
   */
  show(generation: Generation, keep: Keep, signal: AbortSignal): Promise<number>;
  /**
   * Gives `<dir>/<id>` exactly the names of what is shown. If the working mirror is not public, removes all of them and
   * returns them.
   */
  alignNames(): readonly string[];
  /** Removes the kept files of the shown generation whose time is over. Returns how many. */
  dropExpired(now: Date, signal: AbortSignal): Promise<number>;
  /** Returns the path of the spare of what is shown; undefined if there is none. */
  spare(): string | undefined;
  /**
   * Takes a tree that no name shows any longer, to be made the spare of the one that is shown. Returns undefined, and leaves
   * the tree, if that cannot be.
   */
  takeForSpare(tree: string): FutureSpare | undefined;
  /** Returns where a new spare of what is shown may be made. */
  futureSpare(): FutureSpare | undefined;
  /** Makes the next sync link every file. Needs no lock. */
  doubtSpare(): void;
  /** Removes the spare of what is shown. */
  dropSpare(): Promise<void>;
  /**
   * Removes every tree except the one that is shown, its spare and the draft at that path, and the records beside them.
   * Returns how many trees it removed.
   */
  removeOthers(draft?: string): Promise<number>;
}

/** A working mirror that is not public has no names in `<dir>/<id>` except the link that production may follow. */
export function openWorkingMirror(
  layout: MirrorLayout,
  { isPublic }: { readonly isPublic: boolean },
): WorkingMirror {
  const current = (): Generation | undefined => currentGeneration(layout);

  const assertAllShowable = (names: Iterable<string>): void => {
    assertOwnDirectory(layout);
    for (const name of names) {
      if (isPublic) assertShowable(layout, name);
      else assertNotHidden(layout, name);
    }
  };

  /** Makes the names of a generation, calls `move`, and removes the names that it lacks. */
  const showNamesOf = ({ path }: Generation, move: () => void): void => {
    const names = listDirectory(path).map((entry) => entry.name);
    assertAllShowable(names);
    const made = showNames(layout, names);
    move();
    const removed = hideOthers(layout, new Set(names));
    if (made.length > 0 || removed.length > 0) syncDirectory(layout.root);
  };

  const hideNames = (): readonly string[] => {
    const removed = hideOthers(layout, new Set());
    if (removed.length > 0) syncDirectory(layout.root);
    return removed;
  };

  const keepFilesOfShown = async (next: Generation, keep: Keep, signal: AbortSignal): Promise<number> => {
    const shown = current();
    const hasClients = linksInto(layout, layout.live).length > 0;
    return shown === undefined || !hasClients ? 0 : await carryOver(shown.path, next.path, keep, signal);
  };

  return {
    current,
    generations: () => listGenerations(layout),
    next: (now) => nextGeneration(layout, now),
    assertShowable: assertAllShowable,
    async show(next, keep, signal) {
      const keptFiles = await keepFilesOfShown(next, keep, signal);
      await flushTrees([next.path], signal);
      syncDirectory(dirname(next.path)); // its name, before a link in another directory leads there
      const move = (): void => pointLinkDurably(layout.live, relative(layout.root, next.path));
      makeDirectory(layout.root);
      if (isPublic) {
        showNamesOf(next, move);
      } else {
        assertAllShowable([]);
        move();
      }
      return keptFiles;
    },
    alignNames() {
      if (!isPublic) return hideNames();
      const shown = current();
      if (shown !== undefined) showNamesOf(shown, () => undefined);
      return [];
    },
    async dropExpired(now, signal) {
      const shown = current();
      return shown === undefined ? 0 : await dropExpired(shown.path, now, signal);
    },
    spare() {
      const shown = current();
      const path = shown && spareOf(shown);
      return path !== undefined && statLinkIfAny(path)?.isDirectory() === true ? path : undefined;
    },
    takeForSpare(tree) {
      const shown = current();
      return shown === undefined || shown.path === tree ? undefined : takeForSpare(tree, shown);
    },
    futureSpare() {
      const shown = current();
      return shown && futureSpareOf(shown);
    },
    doubtSpare() {
      const shown = current();
      if (shown !== undefined) removeTreeList(shown.path);
    },
    async dropSpare() {
      const shown = current();
      if (shown !== undefined) await removeTree(spareOf(shown));
    },
    removeOthers: (draft) => removeOtherGenerations(layout, draft),
  };
}
