/** Moves in from other tools. */
export { type ImportOutcome, type ImportTool, importConfig } from "./import-config.ts";
