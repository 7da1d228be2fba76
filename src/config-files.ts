import { dirname, join } from "node:path";
import { ConfigError, type ConfigFile } from "./config/index.ts";
import { whyUnreadable } from "./errors.ts";
import { listDirectory, readTextFile } from "./platform/files.ts";
import { readingHint } from "./platform/ownership.ts";

/**
 * Reads a configuration file and those of conf.d beside it, in the order of their names. Throws ConfigError
 * FILE_UNREADABLE; its hint is `hint`, unless the file is another user's.
 */
export function readConfigFiles(
  path: string,
  hint?: string,
): ConfigFile & { readonly parts: readonly ConfigFile[] } {
  return { ...readConfigFile(path, hint), parts: partsBeside(path).map((part) => readConfigFile(part)) };
}

/** Leaves out the files that editors and dpkg leave, such as "10-debian.toml.dpkg-old". */
function partsBeside(path: string): readonly string[] {
  const directory = join(dirname(path), "conf.d");
  return reading(directory, () => listDirectory(directory))
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".toml") && !name.startsWith("."))
    .toSorted() // by code units, as the C locale sorts them
    .map((name) => join(directory, name));
}

const readConfigFile = (path: string, hint?: string): ConfigFile => ({
  path,
  text: reading(path, () => readTextFile(path), hint),
});

function reading<Result>(path: string, read: () => Result, hint?: string): Result {
  try {
    return read();
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new ConfigError("FILE_UNREADABLE", `cannot read the configuration file ${path}: ${reason}`, {
      facts: { path },
      hint: readingHint(path, error) ?? hint ?? "Every file of conf.d whose name ends in .toml is read.",
      cause: error,
    });
  }
}
