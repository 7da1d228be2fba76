/**
 * Clients: the real apt, run as by a machine that installs from mirrors, in a private root that is removed afterwards. Does
 * not use the configuration and the state of this machine's apt. Does not know gates, snapshots or what is in production.
 */
export { type Apt, openApt } from "./apt.ts";
export type { Platform } from "./apt-conf.ts";
export type { PackageChange, Simulation } from "./apt-output.ts";
export type { AptSource, AptTrust } from "./apt-source.ts";
export { type DpkgStatus, type InstalledPackage, readDpkgStatus } from "./dpkg-status.ts";
export { ClientError } from "./errors.ts";
export type { AptMachine, InstalledPackages } from "./machine.ts";
