import { join } from "node:path";
import { formatVerifyDetail, type KnownDamage } from "../../history/index.ts";
import { inodeIfAny } from "../../platform/files.ts";
import { readCarried } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { readKnownDamage } from "../known-damage.ts";
import { workingMirrorName } from "../working-mirror-name.ts";
import type { Verdict } from "./verdict.ts";
import type { Verification } from "./verification.ts";

/** Writes to the history what a check of a tree found. A whole tree leaves no line unless it was known to be damaged. */
export function recordFindings({ context, deep, known }: Verification, { checked, repaired }: Verdict): void {
  const { tree, findings, isGone } = checked;
  const { damages, faults, files, isPartial } = findings;
  const damaged = damages.length + faults.length;
  if (isGone || (damaged === 0 && repaired.length === 0 && !known.has(tree.name))) return;
  context.record({
    action: "verify",
    result: damaged > 0 ? "failed" : "done",
    to: tree.name,
    detail: formatVerifyDetail({
      kind: "checked",
      deep,
      partial: isPartial,
      files,
      damaged,
      damagedPaths: damages.map(({ file }) => file.path),
      repairedPaths: repaired.map(({ file }) => file.path),
      faults,
    }),
  });
}

/**
 * Writes to the history which trees that were not checked have files of those that were: they are as damaged, or were
 * repaired along with them. `mirrors` are all that share the store.
 */
export function recordShared(
  verification: Verification,
  mirrors: readonly MirrorContext[],
  verdicts: readonly Verdict[],
): void {
  const telling = verdicts.filter(
    ({ checked, repaired }) => checked.findings.damages.length + repaired.length > 0,
  );
  if (telling.length === 0) return;
  const checkedPaths = new Set(verdicts.map(({ checked }) => checked.tree.path));
  for (const mirror of mirrors) {
    const others = treesOf(mirror).filter(({ path }) => !checkedPaths.has(path));
    const known = others.length === 0 ? new Map() : readKnownDamage(mirror);
    for (const other of others)
      for (const verdict of telling)
        recordSharedWith(verification, verdict, { mirror, ...other, known: known.get(other.name) });
  }
}

const treesOf = ({
  working,
  catalog,
}: MirrorContext): readonly { readonly name: string; readonly path: string }[] => {
  const generation = working.current();
  return [
    ...(generation === undefined ? [] : [{ name: workingMirrorName, path: generation.path }]),
    ...catalog.list(),
  ];
};

interface OtherTree {
  readonly mirror: MirrorContext;
  readonly name: string;
  readonly path: string;
  readonly known: KnownDamage | undefined;
}

function recordSharedWith(
  { context, deep }: Verification,
  { checked, repaired }: Verdict,
  other: OtherTree,
): void {
  const { mirror, name } = other;
  const from = `${checked.tree.name} of ${context.mirror.id}`;
  const knownPaths = new Set(other.known?.paths);
  const damagedPaths = checked.findings.damages
    .filter(
      ({ file, inode }) =>
        !knownPaths.has(file.path) && inode !== undefined && isAt(other, file.path, inode.id),
    )
    .map(({ file }) => file.path);
  const repairedPaths = repaired
    .map(({ file }) => file.path)
    .filter(
      (path) => knownPaths.has(path) && isAt(other, path, inodeIfAny(join(checked.tree.path, path))?.id),
    );
  if (damagedPaths.length > 0) {
    const detail = formatVerifyDetail({ kind: "shared", deep, from, damagedPaths });
    mirror.record({ action: "verify", result: "failed", to: name, detail });
    mirror.emit({ type: "damage-shared", name, from, files: damagedPaths.length });
  }
  if (repairedPaths.length > 0) {
    const detail = formatVerifyDetail({ kind: "mended", from, repairedPaths });
    mirror.record({ action: "verify", result: "done", to: name, detail });
  }
}

/** What a tree carries for clients of an earlier one is no part of it. */
const isAt = (tree: OtherTree, path: string, inodeId: string | undefined): boolean =>
  inodeId !== undefined &&
  inodeIfAny(join(tree.path, path))?.id === inodeId &&
  !readCarried(tree.path).has(path);
