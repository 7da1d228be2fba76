import { countOf } from "../../report/units.ts";
import { faultText } from "../../report/words/verify/tree-remarks.ts";
import type { MirrorContext } from "../context.ts";
import { readKnownDamage } from "../history/index.ts";
import { damagedOf, type TreeReport, type TreeResult } from "./tree-result.ts";

/**
 * Returns a function that writes to the history what a check of a tree found. A whole tree gets no line, unless it was
 * repaired or is known to be damaged.
 */
export async function recorderOf(
  context: MirrorContext,
  deep: boolean,
): Promise<(result: TreeResult) => Promise<void>> {
  const known = await readKnownDamage(context);
  return async ({ tree, findings, isGone, repaired }) => {
    const { damages, faults, files, isPartial } = findings;
    const damaged = damagedOf(findings);
    if (isGone || (damaged === 0 && repaired.length === 0 && !known.has(tree.name))) return;
    await context.record({
      action: "verify",
      result: damaged > 0 ? "failed" : "done",
      to: tree.name,
      details: {
        kind: "checked",
        deep,
        partial: isPartial,
        files,
        damaged,
        damagedPaths: damages.map(({ file }) => file.path),
        repairedPaths: repaired.map(({ file }) => file.path),
        faults: faults.map(faultText),
      },
    });
  };
}

/** Writes to the history what a repair did. `name` is the snapshot that it was asked for, if any. */
export async function recordRepair(
  context: Pick<MirrorContext, "record">,
  name: string | undefined,
  trees: readonly TreeReport[],
): Promise<void> {
  const damages = trees.flatMap((tree) => tree.damages);
  const repaired = damages.filter((damage) => damage.repaired).length;
  const left = damages.length - repaired + trees.flatMap(({ faults }) => faults).length;
  const what = name ?? countOf(trees.length, "tree");
  await context.record({
    action: "verify",
    result: left > 0 ? "failed" : repaired > 0 ? "done" : "unchanged",
    detail: `${what}: ${countOf(repaired, "file")} repaired, ${left} not repaired`,
  });
}
