import { linesShown } from "../../report/words/short-list.ts";
import type { MirrorContext } from "../context.ts";
import { workingMirrorName } from "../working-mirror-name.ts";
import type { CheckedTree } from "./checks/check-tree.ts";
import type { Damage } from "./checks/findings.ts";
import type { RepairResult } from "./repair/repair-result.ts";
import type { TreeReport } from "./tree-result.ts";

type Emit = MirrorContext["emit"];

export function announceFindings(emit: Emit, { tree: { name }, findings }: CheckedTree): void {
  for (const problem of findings.faults) emit({ type: "damage-found", name, problem });
  announceDamages(emit, name, findings.damages);
  for (const remark of findings.remarks) emit({ type: "verify-remarked", name, remark });
  const { contradictions } = findings;
  if (contradictions.length > 0) emit({ type: "contradictions-found", name, contradictions });
}

export function announceDamages(emit: Emit, name: string, damages: readonly Damage[]): void {
  announceFirst(emit, name, "found", damages, ({ problem }) => emit({ type: "damage-found", name, problem }));
}

export function announceRepairs(emit: Emit, name: string, results: ReadonlyMap<Damage, RepairResult>): void {
  const repaired = [];
  const left = [];
  for (const [{ file, problem }, result] of results) {
    if (result.kind === "repaired") repaired.push({ ...result, path: file.path });
    else left.push({ ...result, problem });
  }
  announceFirst(emit, name, "repaired", repaired, ({ path, from, names }) =>
    emit({ type: "damage-repaired", name, path, from, names }),
  );
  announceFirst(emit, name, "left", left, ({ problem, reason, todo }) =>
    emit({ type: "damage-left", name, problem, reason, todo }),
  );
}

export function announceEnd(
  emit: Emit,
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
  const todo = isUntried ? `To repair it: ${command.join(" ")}` : undefined;
  const damaged = open.length + faults.length;
  emit({ type: "verify-ended", name, result, files, readBytes, damaged, todo });
}

/** A tree that lost everything has a hundred thousand damages: only the first have an event each. */
function announceFirst<Item>(
  emit: Emit,
  name: string,
  what: "found" | "repaired" | "left",
  items: readonly Item[],
  announce: (item: Item) => void,
): void {
  for (const item of items.slice(0, linesShown)) announce(item);
  const more = items.length - linesShown;
  if (more > 0) emit({ type: "more-damages", name, what, more });
}
