/**
 * `check config`: the configuration file, the files that it names, the owners of existing files, and settings that
 * contradict one another.
 */
export { type ConfigReport, checkConfig } from "./check-config.ts";
export type { MirrorSummary } from "./summary.ts";
