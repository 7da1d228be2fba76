import { join } from "node:path";
import type { KeyFile } from "../trust/index.ts";
import type { InvokerFiles } from "./invoker-files.ts";

/**
 * Where apt keeps the keys that it trusts when nothing else is said; see apt-secure(8). Like apt, only names of a few
 * characters with one of three extensions: a backup ("vendor.gpg~", "vendor.gpg.dpkg-old", ".vendor.gpg.swp") may hold
 * a key that an administrator has removed.
 */
const aptKeys = [
  { folder: "/etc/apt/trusted.gpg.d", pattern: /^[\w:-][\w:.-]*\.(?:gpg|asc|pgp)$/ },
  { folder: "/usr/share/keyrings", pattern: /^[\w:-][\w:.-]*-archive-keyring\.(?:gpg|asc|pgp)$/ },
] as const;

export const aptKeyFolders: readonly string[] = aptKeys.map(({ folder }) => folder);

export const readKeyFile = (files: InvokerFiles, path: string): KeyFile => ({
  name: path,
  bytes: files.read(path),
});

/** Paths, in the order of the names in each folder. */
export function aptKeyPaths(files: InvokerFiles): readonly string[] {
  return aptKeys.flatMap(({ folder, pattern }) =>
    files
      .names(folder)
      .filter((name) => pattern.test(name))
      .map((name) => join(folder, name)),
  );
}
