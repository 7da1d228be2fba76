import type { Config, MirrorConfig } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { nearest } from "./options/nearest.ts";

/**
 * The mirrors named, each once, in the order asked for; all of them where none is named. Throws ConfigError
 * MIRROR_UNKNOWN, or MIRRORS_MISSING where the file has none at all.
 */
export function selectMirrors(config: Config, ids: readonly string[]): readonly MirrorConfig[] {
  if (ids.length > 0) return [...new Set(ids)].map((id) => findMirror(config, id));
  if (config.mirrors.length > 0) return config.mirrors;
  throw new ConfigError("MIRRORS_MISSING", `${config.path} names no mirror`, {
    facts: { path: config.path },
    hint: "Add a table [mirrors.<id>] with url, suites, sections and architectures.",
  });
}

/** The mirror with this id. Throws ConfigError MIRROR_UNKNOWN, which names the nearest and all known ids. */
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
