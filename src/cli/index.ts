/**
 * The command line: turns flags into a verb of a run, and its result into a report. Decides nothing that a server would
 * have to decide again.
 */
export { runCli } from "./run.ts";
