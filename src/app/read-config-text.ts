import { ConfigError } from "../config/index.ts";
import { whyUnreadable } from "../errors.ts";
import { readTextFile } from "../platform/files.ts";
import { readingHint } from "../platform/ownership.ts";

/** Reads the configuration file. Throws ConfigError FILE_UNREADABLE; its hint is `hint`, unless the file is another user's. */
export function readConfigText(path: string, hint: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new ConfigError("FILE_UNREADABLE", `cannot read the configuration file ${path}: ${reason}`, {
      facts: { path },
      hint: readingHint(path, error) ?? hint,
      cause: error,
    });
  }
}
