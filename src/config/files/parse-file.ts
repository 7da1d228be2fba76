import { parse, TomlError } from "smol-toml";
import { ConfigError, maskCredentials } from "../errors.ts";

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
    const reason = error.message.split("\n", 1)[0]?.replace("Invalid TOML document: ", "") ?? "";
    const { line, column } = error;
    throw new ConfigError(
      "TOML_MALFORMED",
      `${path}:${line}:${column}: not valid TOML: ${reason}\n${maskCredentials(error.codeblock).trimEnd()}`,
      {
        facts: { path, line, column },
        hint: "Correct the file at that line: https://toml.io describes the format, docs/configuration.md the keys.",
      },
    );
  }
}
