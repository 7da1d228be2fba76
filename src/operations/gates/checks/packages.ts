import { findings, verdictOf } from "../../../gates/index.ts";
import type { Gate } from "../gate.ts";

export const minPackages: Gate<"min_packages"> = {
  async run({ packages: least }, subject) {
    const { packages } = await subject.names();
    return verdictOf(packages >= least, findings(packages));
  },
};

export const requirePackages: Gate<"require_packages"> = {
  async run({ names: required }, subject) {
    const { byArchitecture } = await subject.names();
    const lists = [...byArchitecture.values()];
    const missing = required.filter((name) => !lists.some((names) => names.has(name)));
    const details = missing.map((name) => ({ kind: "package-missing", name }) as const);
    return verdictOf(missing.length === 0, findings(missing.length, details));
  },
};
