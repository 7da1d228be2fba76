/**
 * `snapshot verify`: checks whether trees are still what was mirrored, and repairs them. `checks/` finds damage, `repair/`
 * plans and applies repairs, and the files here connect the two, announce, and write the history.
 */
export { checkGeneration, checkSnapshot } from "./check-snapshot.ts";
export type { CheckedTree } from "./checks/check-tree.ts";
export type { VerificationPorts } from "./open-verification.ts";
export type { TreeReport } from "./tree-result.ts";
export { type VerifyOptions, type VerifyOutcome, verifySnapshots } from "./verify-snapshots.ts";
