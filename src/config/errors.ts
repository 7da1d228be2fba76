import { MirrorctlError } from "../errors.ts";

export type ConfigCode =
  /** The file does not exist or cannot be read. */
  | "FILE_UNREADABLE"
  /** A file that is about to be written exists, or may not be written. */
  | "FILE_EXISTS"
  | "FILE_UNWRITABLE"
  /** Lines or stanzas of sources.list that make no configuration. */
  | "SOURCES_MALFORMED"
  /** Nothing says under which URL clients see the mirrors. */
  | "BASE_URL_UNKNOWN"
  /** Nothing says which release of which distribution is meant. */
  | "RELEASE_UNKNOWN"
  /** The file is not TOML. */
  | "TOML_MALFORMED"
  /** The file, or a variable that overrides it, has mistakes. The message has one line for each. */
  | "CONFIG_INVALID"
  /** One value (of the file or of a flag) is wrong. */
  | "VALUE_INVALID"
  /** A directory of --files is none, cannot be read, or belongs to mirrorctl. */
  | "FILES_UNUSABLE"
  /** A named mirror is not in the file. */
  | "MIRROR_UNKNOWN"
  /** The file has no mirrors. */
  | "MIRRORS_MISSING";

/** The configuration, or a value of a flag, cannot be used. */
export class ConfigError extends MirrorctlError<ConfigCode> {
  override readonly area = "config";
}

/**
 * Makes the error for a text that is not `expected`, a noun phrase such as "a duration". `advice` says what to write
 * instead, if that is known.
 */
export function valueInvalid(found: string, expected: string, advice?: string): ConfigError {
  const shown = maskCredentials(found);
  const message = `found ${JSON.stringify(shown)}, expected ${expected}`;
  return new ConfigError("VALUE_INVALID", advice === undefined ? message : `${message}: ${advice}`, {
    facts: { found: shown, expected },
    hint: "Correct the value. docs/commands.md describes every option, docs/configuration.md every key.",
  });
}

/**
 * Replaces what may be the user and password of a URL by as many asterisks, so that a caret below the line still points
 * at its position. Masks everything before the last "@" of a line: a password may contain "@", "/" or a quote.
 */
export function maskCredentials(text: string): string {
  return text.split("\n").map(maskLine).join("\n");
}

function maskLine(line: string): string {
  const end = line.lastIndexOf("@");
  if (end < 0) return line;
  const afterScheme = line.search(/(?<=:\/\/)/);
  const start = afterScheme >= 0 && afterScheme <= end ? afterScheme : Math.max(0, line.search(/(?<=["'])/));
  return line.slice(0, start) + "*".repeat(Math.max(0, end - start)) + line.slice(end);
}
