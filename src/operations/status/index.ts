/** `status`: each file here reads one part of the state, and finds what needs a person. */

export type { Difference } from "./difference.ts";
export { findLeftovers, type LeftoverMirror, type LeftoverPorts } from "./leftovers.ts";
export { readState } from "./read-state.ts";
export type { Running } from "./running.ts";
export { type MirrorStatus, readStanding, type StandingStatus, showStatus } from "./show-status.ts";
export { findShown, type ShownTree } from "./shown.ts";
export type { GoodSync, LastSync } from "./syncs.ts";
