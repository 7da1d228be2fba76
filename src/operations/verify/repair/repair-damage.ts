import { join } from "node:path";
import { messageOf } from "../../../report/errors.ts";
import type { Damage } from "../checks/findings.ts";
import { applyRepairs } from "./apply-repairs.ts";
import { identify, stillDamaged } from "./identify.ts";
import { planRepairs } from "./plan-repairs.ts";
import type { RepairPorts } from "./repair-ports.ts";
import type { RepairResult } from "./repair-result.ts";
import { surveyTrees } from "./survey-trees.ts";

/**
 * Repairs damages, in every tree that shares a damaged file: survey, plan, apply. Returns the result of each damage; of one
 * that no longer exists, none.
 */
export async function repairDamage(
  ports: RepairPorts,
  damages: readonly Damage[],
): Promise<ReadonlyMap<Damage, RepairResult>> {
  const still = await stillDamaged(ports.digests, damages, ports.signal);
  const { contents, left } = await identify(ports, still);
  const surveyed = await surveyTrees(ports, contents);
  const repairs = planRepairs(surveyed, ports.layout.dir);
  const { results, failures } = await applyRepairs(ports, repairs);
  warnOfFailures(ports, failures, damages);
  return new Map([...left, ...results]);
}

/** Warns of names in trees that were not checked; names in checked trees have results. */
function warnOfFailures(
  { emit }: RepairPorts,
  failures: ReadonlyMap<string, Error>,
  damages: readonly Damage[],
): void {
  const reported = new Set(damages.map(({ tree, file }) => join(tree.path, file.path)));
  for (const [path, error] of failures) {
    if (reported.has(path)) continue;
    emit({ type: "shared-damage-left", path, reason: messageOf(error) });
  }
}
