/** The story of `export`: what a mirrorctl needs that cannot reach upstream, in a directory. */
export { type Exported, type ExportOptions, exportMirror } from "./export-mirror.ts";
export { readLabel, requireComplete } from "./label.ts";
