import { dirname } from "node:path";
import { checkEntry, type KeyPath, type Problem, valueAt } from "./check.ts";
import type { Config } from "./config.ts";
import { applyOverrides, readOverrides } from "./environment.ts";
import { mergeFiles } from "./files/merge-files.ts";
import { type ConfigFile, parseFile } from "./files/parse-file.ts";
import { type NamedPath, namedPaths } from "./named-paths.ts";
import { configTable, type GivenConfig } from "./options/options.ts";
import { configInvalid, type PlacedProblem, placeProblems, startsWith } from "./problems.ts";
import { resolveConfig } from "./resolve.ts";
import { checkRules, type DraftConfig } from "./rules.ts";

/** The main file: relative paths of all files are relative to its directory. */
export interface ConfigSource extends ConfigFile {
  /** Files that are merged into it, in this order: conf.d beside it. */
  readonly parts?: readonly ConfigFile[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory that "~" means. */
  readonly homeDir: string;
}

/** The files of a configuration and all their mistakes. */
export interface ConfigInspection {
  /** The main file, as it was named. */
  readonly path: string;
  /** All files, the main one first. */
  readonly files: readonly string[];
  /** Undefined if there are problems. */
  readonly config: Config | undefined;
  readonly problems: readonly Problem[];
  /** The files and directories that it names, even if other keys have problems. */
  readonly namedPaths: readonly NamedPath[];
  /** Whether a file or a variable sets this key. */
  readonly isGiven: (key: KeyPath) => boolean;
  /** Finds the lines of its own and other problems, and sorts them by their order in the files. */
  readonly place: (problems: readonly Problem[]) => Promise<readonly PlacedProblem[]>;
}

/**
 * Reads the files of a configuration. Environment variables override their global options; a mirror's own tables override
 * both. Throws ConfigError TOML_MALFORMED.
 */
export function inspectConfig(source: ConfigSource): ConfigInspection {
  const overrides = readOverrides(configTable, source.env);
  const files = [source, ...(source.parts ?? [])].map(parseFile);
  const merged = mergeFiles(files);
  const values = applyOverrides(merged.values, overrides);
  const base = { homeDir: source.homeDir, configDir: dirname(source.path) };
  const problems: Problem[] = [...merged.problems];
  const draft = checkEntry(configTable, values, [], (problem) => problems.push(problem)) as DraftConfig;
  checkRules(draft, values, base, (problem) => {
    // The draft lacks refused values, so rules may miss them. One message for each is enough.
    if (!problems.some(({ path }) => startsWith(path, problem.path))) problems.push(problem);
  });
  const isRefused = (key: KeyPath): boolean => problems.some(({ path }) => startsWith(key, path));
  return {
    path: source.path,
    files: files.map(({ path }) => path),
    config:
      problems.length > 0 ? undefined : deepFreeze(resolveConfig(draft as GivenConfig, source.path, base)),
    problems,
    namedPaths: namedPaths(configTable, values, base).filter(
      ({ key, holds }) => !isRefused(key) && !(holds === "public-keys" && isUnchecked(values, key)),
    ),
    isGiven: (key) => valueAt(values, key) !== undefined,
    place: (all) => placeProblems(all, files, overrides),
  };
}

/**
 * Reads the files of a configuration. Rejects with ConfigError TOML_MALFORMED or CONFIG_INVALID. The latter has one line in its
 * message for each problem, and their `count` in its facts.
 */
export async function parseConfig(source: ConfigSource): Promise<Config> {
  const { config, problems, place } = inspectConfig(source);
  if (config === undefined) throw configInvalid(source.path, await place(problems));
  return config;
}

/** Returns true if signatures are not checked, so that the keys are never read. */
const isUnchecked = (values: unknown, [mirrors = "", id = ""]: KeyPath): boolean =>
  valueAt(values, [mirrors, id, "no_pgp_check"]) === true;

/** Freezes lists and plain objects. Patterns and the like are immutable here. */
function deepFreeze<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) {
    if (Array.isArray(member) || Object.getPrototypeOf(member ?? 0) === Object.prototype) deepFreeze(member);
  }
  return Object.freeze(value);
}
