/** Moves in from other tools. */
export { type ImportOutcome, importConfig } from "./import-config.ts";
export type { ImportTool } from "./read-tool.ts";
