import type { Criterion } from "../gates/index.ts";
import { gatesTable } from "./options/gate-options.ts";
import type { Given } from "./options/option.ts";
import { settle } from "./options/option.ts";

/** Returns the criteria of a mirror, in the order in which they are tested. Limits that nothing can exceed are left out. */
export function resolveCriteria(
  ...layers: readonly (Given<typeof gatesTable> | undefined)[]
): readonly Criterion[] {
  const gates = settle(gatesTable, ...layers);
  const criteria: Criterion[] = [{ gate: "complete" }];
  const { min_packages: packages = 0, require_packages: names = [] } = gates;
  if (packages > 0) criteria.push({ gate: "min_packages", packages });
  if (names.length > 0) criteria.push({ gate: "require_packages", names });
  return criteria;
}
