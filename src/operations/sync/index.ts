/** The story of `sync`: Release, signature, indices, packages, tree, snapshot. */
export type { Absent, Downloaded } from "./files/downloads.ts";
export { openRepairSource, type RepairSource } from "./repair-source.ts";
export type { SyncOutcome } from "./sync.ts";
export type { SyncContext, SyncOptions, SyncPorts } from "./sync-context.ts";
export { syncMirrors } from "./sync-mirrors.ts";
