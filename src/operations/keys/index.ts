/** The keys of upstreams: what is in a key file, and which keys sign an upstream. */
export { findNeededKeys, type MissingKey, type NeededKeys, type SuiteSigners } from "./needed-keys.ts";
export { type KeyFileOutcome, showKeys } from "./show-keys.ts";
