/**
 * The story of `check config`: what the file says, the files that it names, whose the files are that are there already,
 * and what only shows where settings come together.
 */
export { type ConfigReport, checkConfig } from "./check-config.ts";
export type { MirrorSummary } from "./summary.ts";
