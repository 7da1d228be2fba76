import { isTable, type KeyPath } from "../check.ts";
import { ConfigError } from "../errors.ts";
import { type ConfigFile, parseFile } from "./parse-file.ts";

/** A file of TOML, whatever its keys mean. */
export interface TomlFile {
  readonly values: Readonly<Record<string, unknown>>;
  /** Returns the line of a key, from 1; undefined for a missing key. */
  readonly lineOf: (path: KeyPath) => number | undefined;
}

/** Reads a file of somebody else. Throws ConfigError TOML_MALFORMED. */
export async function readToml(file: ConfigFile): Promise<TomlFile> {
  const { values } = parseFile(file);
  if (isDeeperThan(values, depthMax))
    throw new ConfigError(
      "TOML_MALFORMED",
      `${file.path}: it has more than ${depthMax} tables within each other`,
      {
        facts: { path: file.path },
        hint: "Check that it is a file of configuration.",
      },
    );
  const { locateKeys } = await import("./positions.ts");
  const locate = locateKeys(file.text);
  return { values, lineOf: (path) => locate(path)?.key.line };
}

const depthMax = 20;

/** Goes level by level: a file of 4 MB can have two million of them. */
function isDeeperThan(values: unknown, levels: number): boolean {
  let level = [values];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((value) => {
      if (isTable(value)) return Object.values(value);
      return Array.isArray(value) ? (value as unknown[]) : [];
    });
  }
  return false;
}
