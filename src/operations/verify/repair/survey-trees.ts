import { basename, join } from "node:path";
import { inodeIfAny } from "../../../platform/files.ts";
import { pauseNow } from "../../../platform/pause.ts";
import { walkPaths } from "../../../snapshot/index.ts";
import type { MirrorContext } from "../../context.ts";
import type { BrokenFile } from "./broken-file.ts";

/** A name of a file in a tree. */
export interface Place {
  readonly tree: string;
  readonly path: string;
  /** It was missed there, as a file of the tree itself; else it may be one that the tree only carries. */
  readonly isOwn: boolean;
  /** mirrorctl is known to have made the tree. */
  readonly isOurs: boolean;
}

/** What one walk over every tree of every mirror finds of what is to be repaired. */
export interface Survey {
  /** Every name of a damaged file, by the id of its inode; carried ones too. */
  namesOf(inodeId: string): readonly Place[];
  /** Absolute paths, one for each file, of what may be the bytes that are wanted. */
  candidatesFor(file: BrokenFile): readonly string[];
}

const looksBetweenPauses = 500;

export async function surveyTrees(
  mirrors: readonly MirrorContext[],
  broken: readonly BrokenFile[],
  signal: AbortSignal,
): Promise<Survey> {
  const damaged = new Set(broken.flatMap(({ names }) => names.map(({ damage }) => damage.inode?.id)));
  const sizes = new Set(broken.map(({ file }) => file.sizeBytes));
  const unsized = new Set(
    broken.filter(({ file }) => file.sizeBytes === undefined).map(({ file }) => basename(file.path)),
  );
  const names = new Map<string, Place[]>();
  const candidates = new Map<number | string, Map<string, string>>();
  let looks = 0;
  for (const { path: tree, isOurs } of mirrors.flatMap(treesOf)) {
    for (const path of walkPaths(tree)) {
      if (++looks % looksBetweenPauses === 0) await pauseNow();
      signal.throwIfAborted();
      const absolute = join(tree, path);
      const inode = inodeIfAny(absolute);
      if (inode === undefined) continue;
      if (damaged.has(inode.id)) {
        const known = names.get(inode.id) ?? [];
        names.set(inode.id, known);
        known.push({ tree, path, isOwn: false, isOurs });
        continue;
      }
      const name = basename(path);
      if (sizes.has(inode.sizeBytes)) remember(candidates, inode.sizeBytes, inode.id, absolute);
      if (unsized.has(name)) remember(candidates, name, inode.id, absolute);
    }
  }
  return {
    namesOf: (inodeId) => names.get(inodeId) ?? [],
    candidatesFor: ({ file }) => [...(candidates.get(file.sizeBytes ?? basename(file.path))?.values() ?? [])],
  };
}

/** Every tree of a mirror that is complete. */
export function treesOf({
  working,
  catalog,
}: MirrorContext): readonly { readonly path: string; readonly isOurs: boolean }[] {
  return [
    ...working.generations().map(({ path }) => ({ path, isOurs: true })),
    ...catalog.list().map(({ path, recorded }) => ({ path, isOurs: recorded })),
  ];
}

function remember(
  candidates: Map<number | string, Map<string, string>>,
  key: number | string,
  inodeId: string,
  path: string,
): void {
  const known = candidates.get(key) ?? new Map<string, string>();
  candidates.set(key, known);
  if (!known.has(inodeId)) known.set(inodeId, path);
}
