import { dirname, join } from "node:path";
import { ConfigError, type ConfigFile } from "./config/index.ts";
import { whyUnreadable } from "./errors.ts";
import { invokerFiles } from "./platform/invoker-files.ts";
import { listDirectory, statIfAny, statLinkIfAny } from "./platform/look.ts";
import { readingHint } from "./platform/ownership.ts";

/**
 * Reads a configuration file and those of conf.d beside it, in the order of their names. Throws ConfigError
 * FILE_UNREADABLE, whose hint is `hint` unless the file is another user's, or TOML_MALFORMED for what is not UTF-8.
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
  if (reading(directory, () => isNoDirectory(directory)))
    throw unreadable(directory, "it is neither a directory nor a link to one");
  return reading(directory, () => listDirectory(directory))
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".toml") && !name.startsWith("."))
    .toSorted() // by code units, as the C locale sorts them
    .map((name) => join(directory, name));
}

/** A link to a disk that is not mounted must not look like a configuration with fewer mirrors. */
const isNoDirectory = (path: string): boolean =>
  statLinkIfAny(path) !== undefined && statIfAny(path)?.isDirectory() !== true;

function readConfigFile(path: string, hint?: string): ConfigFile {
  const bytes = reading(path, () => invokerFiles.read(path), hint);
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return { path, text };
  // Each byte that is not UTF-8 has become U+FFFD. A name with it is another name.
  const line = text.slice(0, text.indexOf("\uFFFD")).split("\n").length;
  throw new ConfigError("TOML_MALFORMED", `${path}:${line}: not valid TOML: the text is not UTF-8`, {
    facts: { path, line },
    hint: "Convert the file, such as from Latin-1: iconv -f LATIN1 -t UTF-8",
  });
}

function reading<Result>(path: string, read: () => Result, hint?: string): Result {
  try {
    return read();
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw unreadable(path, reason, readingHint(path, error) ?? hint, error);
  }
}

const unreadable = (path: string, reason: string, hint?: string, cause?: unknown): ConfigError =>
  new ConfigError("FILE_UNREADABLE", `cannot read the configuration file ${path}: ${reason}`, {
    facts: { path },
    hint: hint ?? "Every file of conf.d whose name ends in .toml is read.",
    cause,
  });
