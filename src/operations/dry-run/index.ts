/** `sync --dry-run`: what a sync would download, and whether it fits. Changes nothing below `dir`. */
export { type DryRun, type DryRunOptions, type DryRunOutcome, estimateMirrors } from "./estimate-mirrors.ts";
