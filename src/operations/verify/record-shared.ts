import { join } from "node:path";
import { inodeIfAny } from "../../platform/files.ts";
import { type CarriedFiles, readCarried } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { readKnownDamage } from "../history/index.ts";
import { workingMirrorName } from "../working-mirror-name.ts";
import type { Verification } from "./checks/verification.ts";
import type { Verdict } from "./tree-result.ts";

/**
 * Writes to the history which trees that were not checked have files of those that were: they are as damaged, or were
 * repaired along with them. `mirrors` are all that share the store.
 */
export function recordShared(
  { context, deep }: Verification,
  mirrors: readonly MirrorContext[],
  verdicts: readonly Verdict[],
): void {
  const notable = verdicts.filter(
    ({ checked, repaired }) => checked.findings.damages.length + repaired.length > 0,
  );
  if (notable.length === 0) return;
  const checkedPaths = new Set(verdicts.map(({ checked }) => checked.tree.path));
  for (const mirror of mirrors) {
    for (const other of treesOf(mirror)) {
      if (checkedPaths.has(other.path)) continue;
      for (const verdict of notable) {
        const from = `${verdict.checked.tree.name} of ${context.mirror.id}`;
        recordDamaged(mirror, other, claimDamaged(verdict, other), { from, deep });
        recordMended(mirror, other, claimMended(verdict, other), from);
      }
    }
  }
}

/** A tree that was not checked. */
interface OtherTree {
  readonly name: string;
  readonly path: string;
  /** No part of it. */
  readonly carried: CarriedFiles;
  /** Known damaged files, including those recorded in this run: each is recorded once. */
  readonly knownPaths: Set<string>;
}

function treesOf(mirror: MirrorContext): readonly OtherTree[] {
  const generation = mirror.working.current();
  const working = generation === undefined ? [] : [{ name: workingMirrorName, path: generation.path }];
  const known = readKnownDamage(mirror);
  return [...working, ...mirror.catalog.list()].map(({ name, path }) => ({
    name,
    path,
    carried: readCarried(path),
    knownPaths: new Set(known.get(name)?.paths),
  }));
}

function claimDamaged({ checked }: Verdict, other: OtherTree): readonly string[] {
  const paths = checked.findings.damages
    .filter(({ file, inode }) => !other.knownPaths.has(file.path) && has(other, file.path, inode?.id))
    .map(({ file }) => file.path);
  for (const path of paths) other.knownPaths.add(path);
  return paths;
}

function claimMended({ checked, repaired }: Verdict, other: OtherTree): readonly string[] {
  const paths = repaired
    .map(({ file }) => file.path)
    .filter((path) => other.knownPaths.has(path))
    .filter((path) => has(other, path, inodeIfAny(join(checked.tree.path, path))?.id));
  for (const path of paths) other.knownPaths.delete(path);
  return paths;
}

const has = ({ path: root, carried }: OtherTree, path: string, inodeId: string | undefined): boolean =>
  inodeId !== undefined && inodeIfAny(join(root, path))?.id === inodeId && !carried.has(path);

function recordDamaged(
  mirror: MirrorContext,
  { name }: OtherTree,
  damagedPaths: readonly string[],
  found: { readonly from: string; readonly deep: boolean },
): void {
  if (damagedPaths.length === 0) return;
  const details = { kind: "damage-shared", ...found, damaged: damagedPaths.length, damagedPaths } as const;
  mirror.record({ action: "verify", result: "failed", to: name, details });
  mirror.emit({ type: "damage-shared", name, from: found.from, files: damagedPaths.length });
}

function recordMended(
  mirror: MirrorContext,
  { name }: OtherTree,
  repairedPaths: readonly string[],
  from: string,
): void {
  if (repairedPaths.length === 0) return;
  const details = { kind: "repair-shared", from, repaired: repairedPaths.length, repairedPaths } as const;
  mirror.record({ action: "verify", result: "done", to: name, details });
}
