/**
 * The command line: flags in, an operation, a report out. Decides nothing that a server or a page would decide anew.
 */
export { runCli } from "./run.ts";
