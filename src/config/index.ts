/**
 * The configuration: a TOML file and the environment, checked whole and made into one frozen Config. Each option is
 * declared once, in options.ts and the tables it names. Reads no file, knows no upstream and no repository: that a
 * named path exists and can be used is found out by whoever uses it.
 */
export type { KeyPath, Problem } from "./check.ts";
export type {
  CipherSuite,
  Config,
  FilterConfig,
  MirrorConfig,
  PublishConfig,
  SnapshotConfig,
  TlsConfig,
  TlsVersion,
} from "./config.ts";
export { parseDuration } from "./duration.ts";
export { type ConfigCode, ConfigError } from "./errors.ts";
export { formatGoTime } from "./go-time.ts";
export { type ConfigInspection, type ConfigSource, inspectConfig } from "./inspect.ts";
export { isMirrorId } from "./mirror-options.ts";
export { parseMoment } from "./moment.ts";
export type { NamedPath } from "./named-paths.ts";
export { parseConfig } from "./parse.ts";
export type { PlacedProblem } from "./problems.ts";
export { findMirror, selectMirrors } from "./select.ts";
