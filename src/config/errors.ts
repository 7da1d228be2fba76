import { MirrorctlError } from "../errors.ts";
import { maskCredentials } from "./mask-credentials.ts";

export type ConfigCode =
  /** There is no such file, or it cannot be read. */
  | "FILE_UNREADABLE"
  /** The file is not TOML. */
  | "TOML_MALFORMED"
  /** The file, or a variable that overrides it, has at least one problem; the message has one line for each. */
  | "CONFIG_INVALID"
  /** One value (of the file, or of a flag) is not what it has to be. */
  | "VALUE_INVALID"
  /** A mirror was asked for that the file does not have. */
  | "MIRROR_UNKNOWN"
  /** Mirrors were asked for and the file has none. */
  | "MIRRORS_MISSING";

/** What the administrator wrote cannot be used as it stands. */
export class ConfigError extends MirrorctlError<ConfigCode> {
  override readonly area = "config";
}

/**
 * The error for a text that is not `expected`, which is a noun phrase such as "a duration". `advice` says what to write
 * instead, where that is known.
 */
export function valueInvalid(found: string, expected: string, advice?: string): ConfigError {
  const shown = maskCredentials(found);
  const message = `found ${JSON.stringify(shown)}, expected ${expected}`;
  return new ConfigError("VALUE_INVALID", advice === undefined ? message : `${message}: ${advice}`, {
    facts: { found: shown, expected },
  });
}
