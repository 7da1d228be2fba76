import { dirname } from "node:path";
import { parse, TomlError } from "smol-toml";
import { checkEntry, type KeyPath, type Problem, valueAt } from "./check.ts";
import type { Config } from "./config.ts";
import { applyOverrides, readOverrides } from "./environment.ts";
import { ConfigError } from "./errors.ts";
import { maskCredentials } from "./mask-credentials.ts";
import { type NamedPath, namedPaths } from "./named-paths.ts";
import { configTable, type GivenConfig } from "./options/options.ts";
import { type PlacedProblem, placeProblems, startsWith } from "./problems.ts";
import { resolveConfig } from "./resolve.ts";
import { checkRules, type DraftConfig } from "./rules.ts";

export interface ConfigSource {
  /** The content of the file. */
  readonly text: string;
  /** Its name, for messages and for relative paths in it. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What "~" stands for. */
  readonly homeDir: string;
}

/** A configuration file with everything that is wrong in it. */
export interface ConfigInspection {
  /** The file, as it was named. */
  readonly path: string;
  /** Undefined where there are problems. */
  readonly config: Config | undefined;
  readonly problems: readonly Problem[];
  /** The files and directories that it names, also where other keys have problems. */
  readonly namedPaths: readonly NamedPath[];
  /** Whether the file, or a variable, has a value there. */
  readonly isGiven: (key: KeyPath) => boolean;
  /** Finds the lines of problems, its own and others, and puts them into the order of the file. */
  readonly place: (problems: readonly Problem[]) => Promise<readonly PlacedProblem[]>;
}

/**
 * Reads a configuration file. Variables of the environment take the place of the file's global options; a mirror's own
 * tables apply over both. Throws ConfigError TOML_MALFORMED.
 */
export function inspectConfig(source: ConfigSource): ConfigInspection {
  const overrides = readOverrides(configTable, source.env);
  const values = applyOverrides(parseToml(source), overrides);
  const base = { homeDir: source.homeDir, configDir: dirname(source.path) };
  const problems: Problem[] = [];
  const draft = checkEntry(configTable, values, [], (problem) => problems.push(problem)) as DraftConfig;
  checkRules(draft, values, base, (problem) => {
    // A value that was refused is left out of the draft, so rules may miss it; one word on it is enough.
    if (!problems.some(({ path }) => startsWith(path, problem.path))) problems.push(problem);
  });
  const isRefused = (key: KeyPath): boolean => problems.some(({ path }) => startsWith(key, path));
  return {
    path: source.path,
    config:
      problems.length > 0 ? undefined : deepFreeze(resolveConfig(draft as GivenConfig, source.path, base)),
    problems,
    namedPaths: namedPaths(configTable, values, base).filter(
      ({ key, holds }) => !isRefused(key) && !(holds === "public-keys" && isUnchecked(values, key)),
    ),
    isGiven: (key) => valueAt(values, key) !== undefined,
    place: (all) => placeProblems(all, source, overrides),
  };
}

/** Where signatures are not checked, nobody reads the keys. */
const isUnchecked = (values: unknown, [mirrors = "", id = ""]: KeyPath): boolean =>
  valueAt(values, [mirrors, id, "no_pgp_check"]) === true;

function parseToml(source: ConfigSource): Record<string, unknown> {
  try {
    return parse(source.text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n", 1)[0]?.replace("Invalid TOML document: ", "") ?? "";
    const { line, column } = error;
    throw new ConfigError(
      "TOML_MALFORMED",
      `${source.path}:${line}:${column}: not valid TOML: ${reason}\n${maskCredentials(error.codeblock).trimEnd()}`,
      { facts: { path: source.path, line, column } },
    );
  }
}

/** Freezes lists and plain objects; patterns and the like have nothing to set. */
function deepFreeze<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) {
    if (Array.isArray(member) || Object.getPrototypeOf(member ?? 0) === Object.prototype) deepFreeze(member);
  }
  return Object.freeze(value);
}
