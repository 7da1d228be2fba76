/**
 * The story of `sync`: Release, signature, indices, packages, tree, snapshot. A dry run and a repair take the steps of it
 * that they share.
 */

export { openApart, type TreeApart, type UpstreamApart } from "./apart/tree-apart.ts";
export type { Absent, Downloaded } from "./files/downloads.ts";
export { hashFile, type Intake, isDecidedByName } from "./files/intake.ts";
export { checkDirectories } from "./found/check-directories.ts";
export { estimateFound } from "./found/estimate-found.ts";
export type { FoundDirectories } from "./found/found-directories.ts";
export { givingUpLost } from "./give-up-lost.ts";
export { fetchIndices, selectSuites } from "./indices/fetch-indices.ts";
export { planFiles } from "./indices/plan-files.ts";
export { keepable } from "./keep-snapshot.ts";
export type { SignatureFile } from "./release/signature-files.ts";
export { downloadSigned, type SignedFile } from "./release/signed-file.ts";
export { downloadReleases } from "./release/suite-release.ts";
export { openRepairSource, type RepairSource } from "./repair-source.ts";
export { type SyncOutcome, syncMirrors, warnOfTrustGivenUp } from "./sync.ts";
export {
  type LookContext,
  type SyncContext,
  type SyncOptions,
  type SyncPorts,
  startLook,
} from "./sync-context.ts";
export {
  measureMetadata,
  missingForms,
  type NewObject,
  spaceForSnapshot,
  spaceOfObjects,
  spaceOfPartials,
  withOwn,
} from "./tree/space-needed.ts";
export { isShown } from "./update-working-mirror.ts";
