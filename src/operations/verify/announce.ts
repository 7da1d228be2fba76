import { linesShown } from "../../report/words/short-list.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import type { CheckedTree } from "./checks/check-tree.ts";
import type { Damage } from "./checks/findings.ts";
import type { RepairResult } from "./repair/repair-result.ts";
import type { TreeReport } from "./tree-result.ts";

export function announceFindings(
  emit: MirrorContext["emit"],
  { tree: { name }, findings }: CheckedTree,
): void {
  for (const fault of findings.faults) emit({ type: "fault-found", name, fault });
  announceDamages(emit, name, findings.damages);
  for (const remark of findings.remarks) emit({ type: "verify-remarked", name, remark });
  const { contradictions } = findings;
  if (contradictions.length > 0) emit({ type: "contradictions-found", name, contradictions });
}

export function announceDamages(emit: MirrorContext["emit"], name: string, damages: readonly Damage[]): void {
  announceFirst(emit, name, "found", damages, ({ file: { path }, problem }) =>
    emit({ type: "damage-found", name, path, problem }),
  );
}

export function announceRepairs(
  emit: MirrorContext["emit"],
  name: string,
  results: ReadonlyMap<Damage, RepairResult>,
): void {
  const repaired = [];
  const left = [];
  for (const [{ file, problem }, result] of results) {
    if (result.kind === "repaired") repaired.push({ ...result, path: file.path });
    else left.push({ path: file.path, problem, because: result.because });
  }
  announceFirst(emit, name, "repaired", repaired, ({ path, from, names }) =>
    emit({ type: "damage-repaired", name, path, from, names }),
  );
  announceFirst(emit, name, "left", left, ({ path, problem, because }) =>
    emit({ type: "damage-left", name, path, problem, because }),
  );
}

export function announceEnd(
  emit: MirrorContext["emit"],
  { name, result, files, readBytes, damages, faults }: TreeReport,
): void {
  const open = damages.filter(({ repaired }) => !repaired);
  const isUntried = open.some(({ left }) => left === undefined);
  const damaged = open.length + faults.length;
  const isWorkingMirror = name === workingMirrorName;
  emit({ type: "verify-ended", name, result, files, readBytes, damaged, isUntried, isWorkingMirror });
}

/** A tree that lost everything has a hundred thousand damages: only the first have an event each. */
function announceFirst<Item>(
  emit: MirrorContext["emit"],
  name: string,
  what: "found" | "repaired" | "left",
  items: readonly Item[],
  announce: (item: Item) => void,
): void {
  for (const item of items.slice(0, linesShown)) announce(item);
  const more = items.length - linesShown;
  if (more > 0) emit({ type: "more-damages", name, what, more });
}
