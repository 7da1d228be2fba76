/** The story of `snapshot installable`: what machines cannot install from a snapshot, and why. */
export {
  checkInstallable,
  type InstallableOptions,
  type InstallableReport,
} from "./check-installable.ts";
export { checkTogetherOnAll } from "./check-together.ts";
export type { NewlyBroken } from "./explain-failures.ts";
export { findRegressions, type MachineRegressions } from "./find-regressions.ts";
export type { MachineTrees } from "./machine-packages.ts";
export { machinesOf, noMachine } from "./machines.ts";
export type { MachineReport } from "./results.ts";
export type { KeepingPorts } from "./solve-machine.ts";
