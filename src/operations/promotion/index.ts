/** The story of `promote`: what is staged is tested, and goes into production unless there are objections. */
export { type PromoteOptions, promoteSnapshots } from "./promote-snapshots.ts";
