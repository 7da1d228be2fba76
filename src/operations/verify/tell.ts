import type { MirrorContext } from "../context.ts";
import { workingMirrorName } from "../working-mirror-name.ts";
import type { CheckedTree } from "./check-one.ts";
import type { Damage } from "./findings.ts";
import type { RepairOutcome } from "./repair/index.ts";
import type { TreeReport } from "./verdict.ts";

/** A tree of which everything is lost has a hundred thousand of them. */
const linesMax = 100;

export function tellFindings({ emit }: MirrorContext, { tree, findings }: CheckedTree): void {
  const { name } = tree;
  for (const problem of findings.faults) emit({ type: "damage-found", name, problem });
  tellDamages(emit, name, findings.damages);
  for (const remark of findings.remarks) emit({ type: "verify-remarked", name, remark });
  const { contradictions } = findings;
  if (contradictions.length > 0) emit({ type: "contradictions-found", name, contradictions });
}

export function tellDamages(emit: MirrorContext["emit"], name: string, damages: readonly Damage[]): void {
  for (const { problem } of damages.slice(0, linesMax)) emit({ type: "damage-found", name, problem });
  const more = damages.length - linesMax;
  if (more > 0) emit({ type: "damage-found", name, problem: `${more} more, which --json lists` });
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

export function tellOutcome(
  emit: MirrorContext["emit"],
  name: string,
  { file, problem }: Damage,
  outcome: RepairOutcome,
): void {
  if (outcome.kind === "repaired") {
    const { from, names } = outcome;
    emit({ type: "damage-repaired", name, path: file.path, from, names });
  } else emit({ type: "damage-left", name, problem, reason: outcome.reason, todo: outcome.todo });
}
