import type { CriterionOf, GateName, Verdict } from "../../gates/index.ts";
import { approvals } from "./approvals.ts";
import { aptGate, profilesGate } from "./clients/index.ts";
import { commands } from "./commands.ts";
import { complete } from "./complete.ts";
import { minPackageAge } from "./cooldown.ts";
import { maxChangedBytes, maxDowngrades, maxRemovedPercent } from "./differences.ts";
import type { Gate } from "./gate.ts";
import { installable, noNewUninstallable } from "./installability.ts";
import { minPackages, requirePackages } from "./packages.ts";
import { maxReleaseAge, minValidity, sameOrigin } from "./releases.ts";
import { minStaged } from "./soak.ts";
import type { GatePorts, Subject } from "./subject.ts";

const gates: { readonly [Name in GateName]: Gate<Name> } = {
  complete,
  min_packages: minPackages,
  require_packages: requirePackages,
  max_removed_percent: maxRemovedPercent,
  max_downgrades: maxDowngrades,
  max_changed_bytes: maxChangedBytes,
  same_origin: sameOrigin,
  max_release_age: maxReleaseAge,
  min_validity: minValidity,
  min_staged: minStaged,
  min_package_age: minPackageAge,
  installable,
  no_new_uninstallable: noNewUninstallable,
  apt: aptGate,
  profiles: profilesGate,
  commands,
  approvals,
};

export const isInstant = (name: GateName): boolean => gates[name].isInstant === true;

export function inputsOf<Name extends GateName>(criterion: CriterionOf<Name>, ports: GatePorts): string {
  const gate: Gate<Name> = gates[criterion.gate];
  return gate.inputsOf?.(criterion, ports) ?? "";
}

export async function runGate<Name extends GateName>(
  criterion: CriterionOf<Name>,
  subject: Subject,
): Promise<Verdict> {
  const gate: Gate<Name> = gates[criterion.gate];
  return await gate.run(criterion, subject);
}
