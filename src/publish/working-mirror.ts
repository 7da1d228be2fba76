import { basename, dirname, join, relative, resolve } from "node:path";
import { carriedDirectory, carriedRecordOf, type MirrorLayout } from "../layout.ts";
import { pointLinkDurably } from "../platform/durable-file.ts";
import {
  listDirectory,
  makeDirectory,
  makeSymlink,
  readLinkIfAny,
  removeFile,
  removeTree,
  statIfAny,
  statLinkIfAny,
  syncDirectory,
} from "../platform/files.ts";
import { PublishError } from "./errors.ts";

/** A tree of the working mirror: one generation for each sync that brought something. */
export interface Generation {
  readonly name: string;
  readonly path: string;
}

/** The tree of the last complete sync, and the names under which the web server shows it. */
export interface WorkingMirror {
  /** What is shown now; undefined before the first complete sync. */
  current(): Generation | undefined;
  /** Every complete tree: the one that is shown, and those that a killed run left. */
  generations(): readonly Generation[];
  /** Paths for a tree to be made in, and the one it will have once complete; named after the time, and unused. */
  next(now: Date): { readonly draft: string; readonly generation: Generation };
  /** Throws PublishError where these names, the top of a tree, cannot be shown below `<dir>/<id>`. */
  assertShowable(names: Iterable<string>): void;
  /** Shows another generation: every name below `<dir>/<id>` leads through one link, which is moved in one rename. */
  show(generation: Generation): void;
  /**
   * Makes the names below `<dir>/<id>` those of what is shown; where the working mirror is not public, removes them all
   * and returns them.
   */
  alignNames(): readonly string[];
  /**
   * Removes every tree but the one that is shown and, while it is being made, the draft at that path, with what is
   * recorded of them. Answers how many things that were.
   */
  removeOthers(draft?: string): Promise<number>;
}

/** A working mirror that is not public has no names below `<dir>/<id>` but the link that production may follow. */
export function openWorkingMirror(
  layout: MirrorLayout,
  { isPublic }: { readonly isPublic: boolean },
): WorkingMirror {
  const generation = (name: string): Generation => ({ name, path: join(layout.trees, name) });

  const current = (): Generation | undefined => {
    const text = readLinkIfAny(layout.live);
    if (text === undefined) return undefined;
    const path = resolve(dirname(layout.live), text);
    return statIfAny(path)?.isDirectory() === true ? { name: basename(path), path } : undefined;
  };

  const assertShowable = (names: Iterable<string>): void => {
    assertOwnDirectory(layout);
    for (const name of names) {
      if (isPublic) assertNameShowable(layout, name);
      else assertNotHidden(layout, name);
    }
  };

  /** Makes the names of a generation, calls `move`, and removes the names that it lacks. */
  const showNamesOf = ({ path }: Generation, move: () => void): void => {
    const names = listDirectory(path).map((entry) => entry.name);
    assertShowable(names);
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

  return {
    current,
    generations: () =>
      listDirectory(layout.trees)
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
        .map((entry) => generation(entry.name)),
    next(now) {
      const time = now.toISOString().replaceAll(/[-:]/g, "");
      for (let count = 1; ; count++) {
        const name = count === 1 ? time : `${time}-${count}`;
        const draft = join(layout.trees, `.${name}.draft`);
        const next = generation(name);
        // A record that outlived its tree would take files of this one for carried ones.
        const taken = [draft, next.path, carriedRecordOf(next.path)];
        if (taken.every((path) => statLinkIfAny(path) === undefined)) return { draft, generation: next };
      }
    },
    assertShowable,
    show(next) {
      const move = (): void => pointLinkDurably(layout.live, relative(layout.root, next.path));
      makeDirectory(layout.root);
      if (isPublic) return showNamesOf(next, move);
      assertShowable([]);
      move();
    },
    alignNames() {
      if (!isPublic) return hideNames();
      const shown = current();
      if (shown !== undefined) showNamesOf(shown, () => undefined);
      return [];
    },
    async removeOthers(draft) {
      const shown = current()?.path;
      const records = join(layout.trees, carriedDirectory);
      const kept = [shown, draft, records];
      const others = pathsIn(layout.trees).filter((path) => !kept.includes(path));
      for (const tree of others) await removeTree(tree);
      const keptRecord = shown === undefined ? undefined : carriedRecordOf(shown);
      const otherRecords = pathsIn(records).filter((path) => path !== keptRecord);
      for (const record of otherRecords) removeFile(record);
      return others.length + otherRecords.length;
    },
  };
}

const pathsIn = (directory: string): readonly string[] =>
  listDirectory(directory).map(({ name }) => join(directory, name));

const liveName = ".live";
const linkThroughLive = (name: string): string => `${liveName}/${name}`;

/** Links lead from it by "..", which through a link would go elsewhere. */
function assertOwnDirectory(layout: MirrorLayout): void {
  if (statLinkIfAny(layout.root)?.isDirectory() !== false) return;
  throw new PublishError("NAME_TAKEN", `${layout.root} is not a directory`, {
    hint: "mirrorctl did not make it: move it away, or mount what is to stand there.",
  });
}

/**
 * Refuses names of a repository that are taken: the public links, and files of somebody else. Hidden names such as
 * .htaccess would be read by the web server.
 */
function assertNameShowable(layout: MirrorLayout, name: string): void {
  assertNotHidden(layout, name);
  const path = join(layout.root, name);
  if (path === layout.staging || path === layout.production) throw nameTaken(layout, name, reservedHint);
  if (statLinkIfAny(path) === undefined || readLinkThrough(path) === linkThroughLive(name)) return;
  throw nameTaken(layout, name, "mirrorctl did not make it and leaves it alone: move it away.");
}

function assertNotHidden(layout: MirrorLayout, name: string): void {
  if (name.startsWith(".")) throw nameTaken(layout, name, reservedHint);
}

const reservedHint =
  "Names that begin with a dot cannot be mirrored; for staging and production, choose other words under [publish].";

function nameTaken(layout: MirrorLayout, name: string, hint: string): PublishError {
  const path = join(layout.root, name);
  const message = `the repository of ${layout.id} has "${name}", but ${path} is something else`;
  return new PublishError("NAME_TAKEN", message, { hint });
}

/** Returns the names that it made. */
function showNames(layout: MirrorLayout, names: readonly string[]): readonly string[] {
  const missing = names.filter((name) => readLinkThrough(join(layout.root, name)) === undefined);
  for (const name of missing) makeSymlink(linkThroughLive(name), join(layout.root, name));
  return missing;
}

/** Removes the names through `.live` that should not be there, and returns them. */
function hideOthers(layout: MirrorLayout, shown: ReadonlySet<string>): readonly string[] {
  const others = listDirectory(layout.root)
    .map((entry) => entry.name)
    .filter((name) => !shown.has(name))
    .filter((name) => readLinkThrough(join(layout.root, name)) === linkThroughLive(name))
    .toSorted();
  for (const name of others) removeFile(join(layout.root, name));
  return others;
}

function readLinkThrough(path: string): string | undefined {
  return statLinkIfAny(path)?.isSymbolicLink() === true ? readLinkIfAny(path) : undefined;
}
