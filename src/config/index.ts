/**
 * The configuration: files of TOML and the environment, checked as a whole and made into one frozen Config. Each option
 * is declared once, in options/. This folder reads no file and knows no upstream and no repository: the users of a
 * named path check that it exists.
 */
export type { KeyPath, Problem } from "./check.ts";
export type {
  ChannelConfig,
  CipherSuite,
  Config,
  FilterConfig,
  MirrorConfig,
  NotifyConfig,
  PublishConfig,
  Secret,
  SnapshotConfig,
  TlsConfig,
  TlsVersion,
} from "./config.ts";
export type { ConfigDraft, MirrorDraft } from "./draft/draft.ts";
export { formatConfig, formatPart } from "./draft/format-draft.ts";
export { type DraftValue, formatTable, type TableDraft } from "./draft/format-table.ts";
export { type ConfigCode, ConfigError } from "./errors.ts";
export type { ConfigFile } from "./files/parse-file.ts";
export { readToml } from "./files/read-toml.ts";
export { type ConfigInspection, type ConfigSource, inspectConfig, parseConfig } from "./inspect.ts";
export type { NamedPath } from "./named-paths.ts";
export { isMirrorId } from "./options/mirror-options.ts";
export type { PlacedProblem } from "./problems.ts";
export { readOption } from "./read-option.ts";
export { findMirror, selectMirrors } from "./select.ts";
export { parseDependency } from "./values/dependency.ts";
export { parseDuration } from "./values/duration.ts";
export { formatGoTime } from "./values/go-time.ts";
export { parseMoment } from "./values/moment.ts";
export { parseArchitecture } from "./values/names.ts";
export { parseClientUrl } from "./values/upstream-url.ts";
