import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import { readingHint } from "../../platform/ownership.ts";
import { UpstreamError } from "../errors.ts";
import { type MachineEntry, parseAuthConf } from "./auth-conf.ts";

export interface AuthConf {
  /** In the order in which they are tried. */
  readonly entries: readonly MachineEntry[];
  /** The files that every user may read. */
  readonly exposedPaths: readonly string[];
}

/**
 * Reads `auth.conf` and then `auth.conf.d/*.conf` of a folder, in the order of their names. Neither needs to exist.
 * Throws AUTH_CONF_MALFORMED, or AUTH_CONF_UNREADABLE for an existing file that cannot be read.
 */
export function readAuthConf(folder: string, files: InvokerFiles): AuthConf {
  const entries: MachineEntry[] = [];
  const exposedPaths: string[] = [];
  for (const path of [join(folder, "auth.conf"), ...partsOf(join(folder, "auth.conf.d"), files)]) {
    const mode = readable(path, () => files.mode(path));
    if (mode === undefined) continue;
    entries.push(
      ...parseAuthConf(
        readable(path, () => files.read(path).toString("utf8")),
        path,
      ),
    );
    // A group may read it: that of the package's units does, while root owns the file.
    if ((mode & 0o004) !== 0) exposedPaths.push(path);
  }
  return { entries, exposedPaths };
}

function partsOf(folder: string, files: InvokerFiles): readonly string[] {
  return readable(folder, () => files.names(folder))
    .filter((name) => name.endsWith(".conf") && !name.startsWith("."))
    .map((name) => join(folder, name));
}

function readable<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "EISDIR", "ENOTDIR", "ELOOP")) throw error;
    throw new UpstreamError("AUTH_CONF_UNREADABLE", `cannot read ${path}: ${error.message}`, {
      facts: { path },
      hint:
        readingHint(path, error) ??
        "It contains the passwords of upstreams: its owner must be the user who runs mirrorctl, its mode 0600.",
      cause: error,
    });
  }
}
