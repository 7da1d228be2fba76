import { dirname } from "node:path";
import { ConfigError } from "../../config/index.ts";
import { hasCode } from "../../errors.ts";
import { makeDirectory, removeFile } from "../../platform/files.ts";
import { writeNewDurably } from "../../platform/flushing/durable-file.ts";
import { ifAllowed, readBytesIfAny, statLinkIfAny } from "../../platform/look.ts";
import { ownershipHint } from "../../platform/ownership.ts";
import type { NewFile } from "./keys.ts";

/** Throws ConfigError FILE_EXISTS if there is something at the path of the new file. */
export function assertFree(path: string): void {
  if (isThere(path)) throw existsAlready(path);
}

const isThere = (path: string): boolean => ifAllowed(() => statLinkIfAny(path)) !== undefined;

/**
 * Writes keys and configuration: all of them or, if one cannot be written, none. The configuration is last, so that it never
 * names a key that is not there.
 */
export function writeAll(path: string, text: string, keys: readonly NewFile[]): void {
  const written: string[] = [];
  let next = path;
  try {
    for (const key of keys) {
      next = key.path;
      if (writeKey(key)) written.push(key.path);
    }
    next = path;
    makeDirectory(dirname(path));
    writeNewDurably(path, text, 0o644);
  } catch (error) {
    written.forEach(removeFile);
    throw hasCode(error, "EEXIST") && isThere(next) ? existsAlready(next) : unwritable(next, error);
  }
}

/** Returns false if the same key is there already. */
function writeKey({ path, bytes }: NewFile): boolean {
  const held = readBytesIfAny(path);
  if (held !== undefined) {
    if (held.equals(bytes)) return false;
    throw new ConfigError("FILE_EXISTS", `${path} exists already and has another key`, {
      facts: { path },
      hint: "Nothing was written. Choose another id with --id, or move that file away.",
    });
  }
  makeDirectory(dirname(path));
  writeNewDurably(path, bytes, 0o644);
  return true;
}

const existsAlready = (path: string): ConfigError =>
  new ConfigError("FILE_EXISTS", `${path} exists already, and init writes over no file`, {
    facts: { path },
    hint: "Choose another id with --id, or see with --print what it would have.",
  });

function unwritable(path: string, error: unknown): unknown {
  if (hasCode(error, "ENOTDIR", "EEXIST"))
    return new ConfigError("FILE_UNWRITABLE", `cannot write ${path}: a part of its path is not a directory`, {
      facts: { path },
      hint: "Move that file away, or name another file with --config.",
      cause: error,
    });
  if (!hasCode(error, "EACCES", "EPERM", "EROFS")) return error;
  return new ConfigError("FILE_UNWRITABLE", `cannot write ${path}: this user may not`, {
    facts: { path },
    hint: ownershipHint(path) ?? "Run it with sudo, or name a file of yours with --config.",
    cause: error,
  });
}
