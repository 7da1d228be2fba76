/**
 * The lines and stanzas of sources.list(5). Pure: text in, entries and problems out. Does not
 * know what a mirror makes of them.
 */
export { formatLines, formatStanza } from "./format-entry.ts";
export { type ParsedSources, parseSources, type SourcesForm } from "./parse-sources.ts";
export {
  type SignedBy,
  type SourceEntry,
  type SourceOption,
  type SourceProblem,
  type SourceType,
  switchOf,
  valuesOf,
} from "./source-entry.ts";
