/** The story of `snapshot verify`: is a tree still what was mirrored, and if not, how does it become so again. */
export type { TreeReport } from "./tree-result.ts";
export { type VerifyOptions, type VerifyOutcome, verifySnapshots } from "./verify-snapshots.ts";
