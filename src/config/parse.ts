import { dirname } from "node:path";
import { parse, TomlError } from "smol-toml";
import { checkEntry, type Problem } from "./check.ts";
import type { Config } from "./config.ts";
import { applyOverrides, readOverrides } from "./environment.ts";
import { ConfigError } from "./errors.ts";
import { maskCredentials } from "./mask-credentials.ts";
import { configTable, type GivenConfig } from "./options.ts";
import { configInvalid, startsWith } from "./problems.ts";
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

/**
 * Reads a configuration file. Variables of the environment take the place of the file's global options; a mirror's own
 * tables apply over both. Rejects with ConfigError TOML_MALFORMED, or CONFIG_INVALID, whose message has one line for
 * each problem and whose facts hold their `count`.
 */
export async function parseConfig(source: ConfigSource): Promise<Config> {
  const overrides = readOverrides(configTable, source.env);
  const values = applyOverrides(parseToml(source), overrides);
  const base = { homeDir: source.homeDir, configDir: dirname(source.path) };
  const problems: Problem[] = [];
  const draft = checkEntry(configTable, values, [], (problem) => problems.push(problem)) as DraftConfig;
  checkRules(draft, values, base, (problem) => {
    // A value that was refused is left out of the draft, so rules may miss it; one word on it is enough.
    if (!problems.some(({ path }) => startsWith(path, problem.path))) problems.push(problem);
  });
  if (problems.length > 0) throw await configInvalid(problems, source, overrides);
  return deepFreeze(resolveConfig(draft as GivenConfig, source.path, base));
}

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
