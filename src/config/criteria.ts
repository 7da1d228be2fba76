import type { Criterion } from "../gates/index.ts";
import { gatesTable } from "./options/gate-options.ts";
import { type Given, settle } from "./options/option.ts";
import { expandPath, type PathBase } from "./values/paths.ts";

type GivenGates = Given<typeof gatesTable>;
type Gates = ReturnType<typeof settle<typeof gatesTable>>;

/** Returns the criteria of a mirror, in the order in which they are tested. */
export function resolveCriteria(
  id: string,
  base: PathBase,
  ...layers: readonly (GivenGates | undefined)[]
): readonly Criterion[] {
  const gates = settle(gatesTable, ...layers);
  return makers.map((make) => make(gates, id, base)).filter((criterion) => criterion !== undefined);
}

/** Make the criterion of a gate; undefined if it is not applied. */
const makers: readonly ((gates: Gates, id: string, base: PathBase) => Criterion | undefined)[] = [
  () => ({ gate: "complete" }),
  ({ min_packages: packages = 0 }) => (packages > 0 ? { gate: "min_packages", packages } : undefined),
  ({ require_packages: names = [] }) => (names.length > 0 ? { gate: "require_packages", names } : undefined),
  ({ max_removed_percent: percent }) =>
    percent === undefined ? undefined : { gate: "max_removed_percent", percent },
  ({ max_downgrades: names }) => (names === undefined ? undefined : { gate: "max_downgrades", names }),
  ({ max_changed_bytes: packages }) =>
    packages === undefined ? undefined : { gate: "max_changed_bytes", packages },
  ({ same_origin = false }) => (same_origin ? { gate: "same_origin" } : undefined),
  ({ max_release_age: ageMs = 0 }) => (ageMs > 0 ? { gate: "max_release_age", ageMs } : undefined),
  ({ min_validity: leftMs = 0 }) => (leftMs > 0 ? { gate: "min_validity", leftMs } : undefined),
  ({ min_staged: stagedMs = 0 }) => (stagedMs > 0 ? { gate: "min_staged", stagedMs } : undefined),
  ({ min_package_age: ageMs = 0, exempt }) =>
    ageMs > 0 ? { gate: "min_package_age", ageMs, exempt } : undefined,
  (gates, id) => {
    const { installable: names = [] } = gates;
    return names.length > 0 ? { gate: "installable", names, ...machinesOf(gates, id) } : undefined;
  },
  (gates, id) => {
    const { no_new_uninstallable: isApplied = false, ignore = [], ignore_reason: ignoreReason } = gates;
    if (!isApplied) return undefined;
    return { gate: "no_new_uninstallable", ignore, ignoreReason, ...machinesOf(gates, id) };
  },
  (gates, id) => {
    const { apt: names = [] } = gates;
    return names.length > 0 ? { gate: "apt", names, ...machinesOf(gates, id) } : undefined;
  },
  (gates, id, base) => {
    const { profiles = [], allow_remove: allowRemove = [] } = gates;
    const files = profiles.map((path) => expandPath(path, base));
    const { with: others } = machinesOf(gates, id);
    return files.length > 0 ? { gate: "profiles", files, allowRemove, with: others } : undefined;
  },
  ({ commands = [], command_time_limit: limitMs }) =>
    commands.length > 0 ? { gate: "commands", commands, limitMs } : undefined,
  ({ approvals: people = 0 }) => (people > 0 ? { gate: "approvals", people } : undefined),
];

/** A global list of other mirrors may name the mirror itself. */
const machinesOf = ({ with: others = [], foreign = [] }: Gates, id: string) => ({
  with: others.filter((other) => other !== id),
  foreign,
});
