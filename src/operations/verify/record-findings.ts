import type { Verification } from "./checks/verification.ts";
import type { Verdict } from "./tree-result.ts";

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
    details: {
      kind: "checked",
      deep,
      partial: isPartial,
      files,
      damaged,
      damagedPaths: damages.map(({ file }) => file.path),
      repairedPaths: repaired.map(({ file }) => file.path),
      faults,
    },
  });
}
