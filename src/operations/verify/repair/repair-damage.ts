import { join } from "node:path";
import { messageOf } from "../../../report/errors.ts";
import type { Damage } from "../checks/findings.ts";
import { bringAll } from "./bring-all.ts";
import type { BrokenName } from "./broken-file.ts";
import { identify } from "./identify.ts";
import { leftBecause, type RepairOutcome } from "./outcome.ts";
import { placesOf } from "./places-of.ts";
import type { Outcomes, Repair } from "./repair.ts";
import { type Failures, MendingRooms, replaceNames } from "./replace-names.ts";
import { surveyTrees } from "./survey-trees.ts";

/**
 * Brings the right bytes of everything that is broken, then gives them every name of the damaged files, in whichever tree.
 * What cannot be brought keeps nothing else from being repaired.
 */
export async function repairDamage(
  repair: Repair,
  found: readonly BrokenName[],
): Promise<ReadonlyMap<Damage, RepairOutcome>> {
  const { mirrors, verification } = repair;
  const { signal } = verification.context;
  const outcomes: Outcomes = new Map();
  const files = await identify(repair, found, outcomes);
  const survey = await surveyTrees(mirrors, files, signal);
  await using rooms = new MendingRooms();
  const replacements = [];
  for (const healthy of await bringAll(repair, rooms, survey, files, outcomes))
    replacements.push({ ...healthy, places: await placesOf(repair, survey, healthy.broken) });
  const failures = await replaceNames(rooms, replacements, signal);
  for (const { broken, from, places } of replacements) {
    const names = places.filter(({ tree, path }) => !failures.has(join(tree, path))).length;
    for (const { tree, damage } of broken.names) {
      const failure = failures.get(join(tree.path, damage.file.path));
      outcomes.set(damage, leftBecause(failure, broken.file) ?? { kind: "repaired", from, names });
    }
  }
  warnOfFailures(repair, failures, found);
  return outcomes;
}

/** Of names in trees that were not verified; those in trees that were have outcomes. */
function warnOfFailures({ verification }: Repair, failures: Failures, found: readonly BrokenName[]): void {
  const told = new Set(found.map(({ tree, damage }) => join(tree.path, damage.file.path)));
  for (const [path, error] of failures) {
    if (told.has(path)) continue;
    verification.context.emit({ type: "shared-damage-left", path, reason: messageOf(error) });
  }
}
