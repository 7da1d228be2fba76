/** `metrics`: gathers what is known of mirrors, as `status` does, and writes it for a collector. */
export { gatherMetrics } from "./gather-metrics.ts";
export { describeOnce } from "./key-expiry.ts";
export { writeTextfile } from "./write-textfile.ts";
