import type { Config, MirrorConfig } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { nearest } from "./options/nearest.ts";

/**
 * Returns the named mirrors, each once, in the given order, or all of them if none is named. Throws ConfigError
 * MIRROR_UNKNOWN, or MIRRORS_MISSING if the file has none.
 */
export function selectMirrors(config: Config, ids: readonly string[]): readonly MirrorConfig[] {
  if (ids.length > 0) return [...new Set(ids)].map((id) => findMirror(config, id));
  if (config.mirrors.length > 0) return config.mirrors;
  throw new ConfigError("MIRRORS_MISSING", `${config.path} names no mirror`, {
    facts: { path: config.path },
    hint: "Add one: mirrorctl init\nOr write a table [mirrors.<id>] with url, suites, sections and architectures.",
  });
}

/** Returns the mirror with this id. Throws ConfigError MIRROR_UNKNOWN, which names the nearest id and all of them. */
export function findMirror(config: Config, id: string): MirrorConfig {
  const mirror = config.mirrors.find((candidate) => candidate.id === id);
  if (mirror !== undefined) return mirror;
  const known = config.mirrors.map((candidate) => candidate.id);
  const near = nearest(id, known);
  const suggestion = near === undefined ? "" : ` (did you mean ${near}?)`;
  throw new ConfigError("MIRROR_UNKNOWN", `${config.path} has no mirror ${JSON.stringify(id)}${suggestion}`, {
    facts: { path: config.path, found: id, known },
    hint: known.length === 0 ? "The file names no mirror." : `Its mirrors are: ${known.join(", ")}.`,
  });
}
