/** The keys of upstreams: what is in a key file. */
export { type KeyFileOutcome, showKeys } from "./show-keys.ts";
