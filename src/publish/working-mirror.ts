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
   * Removes every tree but the one that is shown and, while it is being made, the draft at that path, with what is
   * recorded of them. Answers how many things that were.
   */
  removeOthers(draft?: string): Promise<number>;
}

export function openWorkingMirror(layout: MirrorLayout): WorkingMirror {
  const generation = (name: string): Generation => ({ name, path: join(layout.trees, name) });

  const current = (): Generation | undefined => {
    const text = readLinkIfAny(layout.live);
    if (text === undefined) return undefined;
    const path = resolve(dirname(layout.live), text);
    return statIfAny(path)?.isDirectory() === true ? { name: basename(path), path } : undefined;
  };

  const assertShowable = (names: Iterable<string>): void => {
    assertOwnDirectory(layout);
    for (const name of names) assertNameShowable(layout, name);
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
      makeDirectory(layout.root);
      const names = listDirectory(next.path).map((entry) => entry.name);
      assertShowable(names);
      for (const name of names) showName(layout, name);
      pointLinkDurably(layout.live, relative(layout.root, next.path));
      hideOthers(layout, new Set(names));
      syncDirectory(layout.root);
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
 * A repository may name its files as it likes, but not take a public name or stand in place of somebody's file, nor
 * bring hidden files, such as .htaccess, to where a web server reads its own.
 */
function assertNameShowable(layout: MirrorLayout, name: string): void {
  const path = join(layout.root, name);
  const isReserved = path === layout.staging || path === layout.production || name.startsWith(".");
  const there = statLinkIfAny(path);
  if (!isReserved && (there === undefined || readLinkThrough(path) === linkThroughLive(name))) return;
  throw new PublishError(
    "NAME_TAKEN",
    `the repository of ${layout.id} has "${name}", but ${path} is something else`,
    {
      hint: isReserved
        ? "Names that begin with a dot cannot be mirrored; for staging and production, choose other words under [publish]."
        : "mirrorctl did not make it and leaves it alone: move it away.",
    },
  );
}

function showName(layout: MirrorLayout, name: string): void {
  const link = join(layout.root, name);
  if (readLinkThrough(link) === undefined) makeSymlink(linkThroughLive(name), link);
}

/** Names that only an earlier generation had: by now they lead nowhere. */
function hideOthers(layout: MirrorLayout, shown: ReadonlySet<string>): void {
  for (const { name } of listDirectory(layout.root)) {
    if (shown.has(name)) continue;
    if (readLinkThrough(join(layout.root, name)) === linkThroughLive(name))
      removeFile(join(layout.root, name));
  }
}

function readLinkThrough(path: string): string | undefined {
  return statLinkIfAny(path)?.isSymbolicLink() === true ? readLinkIfAny(path) : undefined;
}
