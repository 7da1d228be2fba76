/** The story of `snapshot installable`: what machines cannot install from a snapshot, and why. */
export { checkInstallable, type InstallableOptions, type InstallableReport } from "./check-installable.ts";
export type { Cause, ChainLink, MachineReport, PackageId, Uninstallable } from "./results.ts";
