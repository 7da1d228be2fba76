import { join } from "node:path";
import { paced } from "../../platform/flow/paced.ts";
import { inodeIfAny } from "../../platform/look.ts";
import { type CarriedFiles, readCarried } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { readKnownDamage } from "../history/index.ts";
import type { Damage } from "./checks/findings.ts";
import type { TreeResult } from "./tree-result.ts";

/**
 * Writes to the history which other trees share damaged or repaired files with checked trees. `mirrors` are all that share
 * the store.
 */
export async function recordShared(
  { mirror: { id }, signal }: Pick<MirrorContext, "mirror" | "signal">,
  deep: boolean,
  mirrors: readonly MirrorContext[],
  results: readonly TreeResult[],
): Promise<void> {
  const notable = results.filter(({ findings, repaired }) => findings.damages.length + repaired.length > 0);
  if (notable.length === 0) return;
  const checkedPaths = new Set(results.map(({ tree }) => tree.path));
  for (const mirror of mirrors) {
    for (const other of await treesOf(mirror)) {
      if (checkedPaths.has(other.path)) continue;
      for (const { tree, findings, repaired } of notable) {
        const from = `${tree.name} of ${id}`;
        await recordDamaged(mirror, other, await takeDamaged(findings.damages, other, signal), {
          from,
          deep,
        });
        await recordRepaired(mirror, other, await takeRepaired(repaired, other, signal), from);
      }
    }
  }
}

/** A tree that was not checked. */
interface OtherTree {
  readonly name: string;
  readonly path: string;
  readonly carried: CarriedFiles;
  /** Paths of known damage, including what this run has recorded: each is recorded once. */
  readonly knownPaths: Set<string>;
}

async function treesOf(mirror: MirrorContext): Promise<readonly OtherTree[]> {
  const generation = mirror.working.current();
  const working = generation === undefined ? [] : [{ name: workingMirrorName, path: generation.path }];
  const known = await readKnownDamage(mirror);
  return [...working, ...(await mirror.catalog.list())].map(({ name, path }) => ({
    name,
    path,
    carried: readCarried(path),
    knownPaths: new Set(known.get(name)?.paths),
  }));
}

/** Returns which damages another tree shares and is not known to have, and notes them as known. */
async function takeDamaged(
  damages: readonly Damage[],
  other: OtherTree,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { file, inode } of paced(damages, signal))
    if (!other.knownPaths.has(file.path) && has(other, file.path, inode?.id)) paths.push(file.path);
  for (const path of paths) other.knownPaths.add(path);
  return paths;
}

/** Returns which known damages of another tree were repaired with those of a checked one, and forgets them. */
async function takeRepaired(
  repaired: readonly Damage[],
  other: OtherTree,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { tree, file } of paced(repaired, signal))
    if (other.knownPaths.has(file.path) && has(other, file.path, inodeIfAny(join(tree.path, file.path))?.id))
      paths.push(file.path);
  for (const path of paths) other.knownPaths.delete(path);
  return paths;
}

const has = ({ path: root, carried }: OtherTree, path: string, inodeId: string | undefined): boolean =>
  inodeId !== undefined && inodeIfAny(join(root, path))?.id === inodeId && !carried.has(path);

async function recordDamaged(
  mirror: MirrorContext,
  { name }: OtherTree,
  damagedPaths: readonly string[],
  found: { readonly from: string; readonly deep: boolean },
): Promise<void> {
  if (damagedPaths.length === 0) return;
  const details = { kind: "damage-shared", ...found, damaged: damagedPaths.length, damagedPaths } as const;
  await mirror.record({ action: "verify", result: "failed", to: name, details });
  mirror.emit({ type: "damage-shared", name, from: found.from, files: damagedPaths.length });
}

async function recordRepaired(
  mirror: MirrorContext,
  { name }: OtherTree,
  repairedPaths: readonly string[],
  from: string,
): Promise<void> {
  if (repairedPaths.length === 0) return;
  const details = { kind: "repair-shared", from, repaired: repairedPaths.length, repairedPaths } as const;
  await mirror.record({ action: "verify", result: "done", to: name, details });
}
