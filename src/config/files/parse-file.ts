import { parse, TomlError } from "smol-toml";
import { tomlMalformed } from "./toml-error.ts";

/** A file of the configuration. */
export interface ConfigFile {
  /** Its name, for messages. */
  readonly path: string;
  readonly text: string;
}

export interface ParsedFile extends ConfigFile {
  readonly values: Readonly<Record<string, unknown>>;
}

/** Throws ConfigError TOML_MALFORMED. */
export function parseFile({ path, text }: ConfigFile): ParsedFile {
  try {
    return { path, text, values: parse(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw tomlMalformed(error, { path, text });
  }
}
