import type { CriterionOf, GateName, Verdict } from "../../gates/index.ts";
import { complete } from "./complete.ts";
import type { Gate } from "./gate.ts";
import { minPackages, requirePackages } from "./packages.ts";
import type { Subject } from "./subject.ts";

const gates: { readonly [Name in GateName]: Gate<Name> } = {
  complete,
  min_packages: minPackages,
  require_packages: requirePackages,
};

export const isInstant = (name: GateName): boolean => gates[name].isInstant === true;

export async function runGate<Name extends GateName>(
  criterion: CriterionOf<Name>,
  subject: Subject,
): Promise<Verdict> {
  const gate: Gate<Name> = gates[criterion.gate];
  return await gate.run(criterion, subject);
}
