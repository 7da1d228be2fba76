/**
 * `snapshot test` and `approve`, and the tests of `promote`: runs the gates of a mirror on a snapshot, and keeps the
 * results. `checks/` and `clients/` have the gates, and `subject/` has what they ask about a snapshot.
 */
export { type ApproveOptions, approveSnapshot } from "./approve-snapshot.ts";
export { contentsInProduction } from "./conditions.ts";
export { gateStates } from "./gate-states.ts";
export type { GatePorts } from "./subject/subject.ts";
export { testNamed } from "./test-named.ts";
export { type TestOptions, testSnapshot } from "./test-snapshot.ts";
