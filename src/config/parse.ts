import type { Config } from "./config.ts";
import { type ConfigSource, inspectConfig } from "./inspect.ts";
import { configInvalid } from "./problems.ts";

/**
 * Reads a configuration file. Rejects with ConfigError TOML_MALFORMED, or CONFIG_INVALID, whose message has one line for
 * each problem and whose facts hold their `count`.
 */
export async function parseConfig(source: ConfigSource): Promise<Config> {
  const { config, problems, place } = inspectConfig(source);
  if (config === undefined) throw configInvalid(source.path, await place(problems));
  return config;
}
