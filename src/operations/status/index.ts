/** The story of `status`: each file here looks at one thing and returns it, and what of it needs a person. */
export { type MirrorStatus, showStatus } from "./show-status.ts";
export type { ShownTree } from "./shown.ts";
export type { LastSync } from "./syncs.ts";
