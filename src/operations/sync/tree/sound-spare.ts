import { join } from "node:path";
import { objectPath } from "../../../layout.ts";
import { pacedBatches } from "../../../platform/flow/paced.ts";
import { statLinkIfAny } from "../../../platform/look.ts";
import type { Generation } from "../../../publish/index.ts";
import {
  holdsExactly,
  type IsObject,
  isSameFile,
  type ReadTreeList,
  readTreeList,
} from "../../../snapshot/index.ts";
import type { SyncContext } from "../sync-context.ts";

export type SparePorts = Pick<SyncContext, "working" | "memory" | "objects" | "layout" | "signal">;

/** The tree that is shown, and what it and its spare hold. */
export interface ListedTree {
  readonly shown: Generation;
  readonly list: ReadTreeList;
}

/** Returns undefined if it is not certain what the shown tree holds. */
export function readListedTree({
  working,
  memory,
  objects,
}: Pick<SparePorts, "working" | "memory" | "objects">): ListedTree | undefined {
  const shown = working.current();
  if (shown === undefined || shown.name === memory.damagedGeneration()) return undefined;
  const list = readTreeList(shown.path);
  return list === undefined || list.writtenAtMs <= objects.disownedAtMs() ? undefined : { shown, list };
}

/** Returns the path of the spare, if there is one that surely holds what the shown tree does. */
export async function findSoundSpare(ports: SparePorts, listed: ListedTree): Promise<string | undefined> {
  const spare = ports.working.spare();
  return spare !== undefined && (await isSound(ports, spare, listed)) ? spare : undefined;
}

/**
 * A copy of the whole directory may have files of its own in place of links: the first file tells. After a power cut a
 * tree may have empty files, though it was flushed to disk before.
 */
async function isSound(ports: SparePorts, tree: string, { shown, list }: ListedTree): Promise<boolean> {
  const [first] = list.files();
  if (first !== undefined && !isSameFile(join(tree, first.path), join(shown.path, first.path))) return false;
  if (!(await holdsExactly(tree, { shown: shown.path, list }, isObjectOf(ports), ports.signal))) return false;
  if (list.isOfThisBoot) return true;
  for await (const files of pacedBatches(list.files(), ports.signal, looksPerTurn))
    for (const { path, sizeBytes } of files)
      if (sizeBytes !== undefined && statLinkIfAny(`${tree}/${path}`)?.size !== sizeBytes) return false;
  return true;
}

/** Of files whose directories were looked at a moment ago. */
const looksPerTurn = 1_000;

/** Says whether a file of a tree is the object that it is listed as. */
const isObjectOf =
  ({ layout }: Pick<SparePorts, "layout">): IsObject =>
  (path, sha256) =>
    isSameFile(path, objectPath(layout.objects, sha256));
