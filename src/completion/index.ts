/**
 * The names that a shell completes: of mirrors and snapshots. The shell waits for them with the user, so this reads the
 * configuration and the directory of snapshots, and loads nothing else of the program. Reads no store.
 */
/** The first argument of a completion. */
export const completing = "__complete";

export { completeNames } from "./complete-names.ts";
