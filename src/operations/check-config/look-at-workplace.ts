import { join } from "node:path";
import type { MirrorLayout } from "../../layout.ts";
import { ifAllowed, listDirectory, statIfAny, statLinkIfAny } from "../../platform/look.ts";
import { type User, userOf } from "../../platform/machine/users.ts";

/** The owners of the files that mirrorctl has made so far. */
export interface Workplace {
  readonly dir: string;
  readonly owner: User;
  /** Files of other users than the one who asks, by owner. */
  readonly foreign: readonly ForeignFiles[];
}

export interface ForeignFiles {
  readonly owner: User;
  /** The first of them. */
  readonly example: string;
  readonly count: number;
  /** The directories of mirrorctl that contain them, at any depth. */
  readonly below: readonly string[];
}

/**
 * Finds the owners of state, locks, trees and snapshots of these mirrors. Reads only the first levels, not each package:
 * files of a run as another user show there. Changes nothing. Undefined if `dir` does not exist yet.
 */
export function lookAtWorkplace(layouts: readonly MirrorLayout[], user: User): Workplace | undefined {
  const [first] = layouts;
  const stats = first && ifAllowed(() => statIfAny(first.dir));
  if (first === undefined || stats === undefined) return undefined;
  const byOwner = new Map<number, { readonly paths: Set<string>; readonly below: Set<string> }>();
  for (const { path: root, depth } of rootsOf(layouts)) {
    for (const { path, uid } of pathsBelow(root, depth)) {
      if (uid === user.uid) continue;
      const found = byOwner.get(uid) ?? { paths: new Set(), below: new Set() };
      byOwner.set(uid, found);
      found.paths.add(path);
      found.below.add(root);
    }
  }
  return {
    dir: first.dir,
    owner: userOf(stats.uid),
    foreign: [...byOwner].map(
      ([
        uid,
        {
          paths: [example = first.dir, ...others],
          below,
        },
      ]) => ({
        owner: userOf(uid),
        example,
        count: others.length + 1,
        below: [...below],
      }),
    ),
  };
}

interface Root {
  readonly path: string;
  readonly depth: number;
}

/** Below `.mirrorctl`, the depth reaches each state file, lock, tree and partial, and the directories of objects. */
function rootsOf(layouts: readonly MirrorLayout[]): readonly Root[] {
  const own = new Set(layouts.map((layout) => layout.own));
  return [
    ...[...own].map((path) => ({ path, depth: 3 })),
    ...layouts.flatMap(({ root, snapshots }) => [
      { path: root, depth: 0 },
      { path: snapshots, depth: 2 },
    ]),
  ];
}

/** Yields the path and the paths below it, without links: everyone who may write a directory may replace them. */
function* pathsBelow(
  path: string,
  depth: number,
): Generator<{ readonly path: string; readonly uid: number }> {
  const stats = ifAllowed(() => statLinkIfAny(path));
  if (stats === undefined || stats.isSymbolicLink()) return;
  yield { path, uid: stats.uid };
  if (depth === 0 || !stats.isDirectory()) return;
  for (const { name } of ifAllowed(() => listDirectory(path)) ?? [])
    yield* pathsBelow(join(path, name), depth - 1);
}
