/** When a mirror first had the bytes of each file, for gates that ask for the age of packages. */
export { firstSeenOf } from "./first-seen-of.ts";
export { rebuildFirstSeen } from "./rebuild-first-seen.ts";
export { recordFirstSeen } from "./record-first-seen.ts";
export { seenWith } from "./seen-with.ts";
