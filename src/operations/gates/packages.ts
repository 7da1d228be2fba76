import { findings, verdictOf } from "../../gates/index.ts";
import type { Gate } from "./gate.ts";

export const minPackages: Gate<"min_packages"> = {
  gate: "min_packages",
  async run({ packages: least }, subject) {
    const { packages } = await subject.names();
    return verdictOf(packages >= least, findings(packages));
  },
};

export const requirePackages: Gate<"require_packages"> = {
  gate: "require_packages",
  async run({ names: required }, subject) {
    const { names } = await subject.names();
    const missing = required.filter((name) => !names.has(name));
    return verdictOf(
      missing.length === 0,
      findings(
        missing.length,
        missing.map((name) => ({ kind: "package-missing", name })),
      ),
    );
  },
};
