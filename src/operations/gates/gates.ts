import type { CriterionOf, GateName, Verdict } from "../../gates/index.ts";
import { approvals } from "./checks/approvals.ts";
import { commands } from "./checks/commands.ts";
import { complete } from "./checks/complete.ts";
import { minPackageAge } from "./checks/cooldown.ts";
import { maxChangedBytes, maxDowngrades, maxRemovedPercent } from "./checks/differences.ts";
import { installable, noNewUninstallable } from "./checks/installability.ts";
import { minPackages, requirePackages } from "./checks/packages.ts";
import { maxReleaseAge, minValidity, sameOrigin } from "./checks/releases.ts";
import { minStaged } from "./checks/soak.ts";
import { aptGate, profilesGate } from "./clients/index.ts";
import type { Gate } from "./gate.ts";
import type { GatePorts, Subject } from "./subject/subject.ts";

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
