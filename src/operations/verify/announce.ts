import { linesShown } from "../../report/words/short-list.ts";
import type { MirrorContext } from "../context.ts";
import { workingMirrorName } from "../working-mirror-name.ts";
import type { CheckedTree } from "./checks/check-tree.ts";
import type { Damage } from "./checks/findings.ts";
import type { RepairOutcome } from "./repair/index.ts";
import type { TreeReport } from "./tree-result.ts";

export function tellFindings({ emit }: MirrorContext, { tree, findings }: CheckedTree): void {
  const { name } = tree;
  for (const problem of findings.faults) emit({ type: "damage-found", name, problem });
  tellDamages(emit, name, findings.damages);
  for (const remark of findings.remarks) emit({ type: "verify-remarked", name, remark });
  const { contradictions } = findings;
  if (contradictions.length > 0) emit({ type: "contradictions-found", name, contradictions });
}

export function tellDamages(emit: MirrorContext["emit"], name: string, damages: readonly Damage[]): void {
  tellSome(emit, name, "found", damages, ({ problem }) => emit({ type: "damage-found", name, problem }));
}

/** A tree of which everything is lost has a hundred thousand damages. */
function tellSome<Item>(
  emit: MirrorContext["emit"],
  name: string,
  what: "found" | "repaired" | "left",
  items: readonly Item[],
  tell: (item: Item) => void,
): void {
  for (const item of items.slice(0, linesShown)) tell(item);
  const more = items.length - linesShown;
  if (more > 0) emit({ type: "more-damages", name, what, more });
}

export function tellEnd(
  { emit }: MirrorContext,
  { mirror, name, result, files, readBytes, damages, faults }: TreeReport,
): void {
  const open = damages.filter(({ repaired }) => !repaired);
  const isUntried = open.some(({ reason }) => reason === undefined);
  const command = [
    "mirrorctl snapshot verify",
    mirror,
    ...(name === workingMirrorName ? [] : [name]),
    "--deep --repair",
  ];
  const todo = isUntried ? `To bring it again: ${command.join(" ")}` : undefined;
  const damaged = open.length + faults.length;
  emit({ type: "verify-ended", name, result, files, readBytes, damaged, todo });
}

export function tellOutcomes(
  emit: MirrorContext["emit"],
  name: string,
  outcomes: ReadonlyMap<Damage, RepairOutcome>,
): void {
  const repaired = [];
  const left = [];
  for (const [{ file, problem }, outcome] of outcomes) {
    if (outcome.kind === "repaired") repaired.push({ ...outcome, path: file.path });
    else left.push({ ...outcome, problem });
  }
  tellSome(emit, name, "repaired", repaired, ({ path, from, names }) =>
    emit({ type: "damage-repaired", name, path, from, names }),
  );
  tellSome(emit, name, "left", left, ({ problem, reason, todo }) =>
    emit({ type: "damage-left", name, problem, reason, todo }),
  );
}
