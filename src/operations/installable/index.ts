/** The story of `snapshot installable`: what machines cannot install from a snapshot, and why. */
export {
  checkInstallable,
  checkMachines,
  type InstallableOptions,
  type InstallableReport,
} from "./check-installable.ts";
export type { NewlyBroken } from "./explain-failures.ts";
export { findRegressions, type MachineRegressions, type RegressionPorts } from "./find-regressions.ts";
export type { MachineTrees } from "./machine-packages.ts";
export { machinesOf } from "./machines.ts";
export type { MachineReport } from "./results.ts";
