import { join } from "node:path";
import type { KeyFile } from "../trust/index.ts";
import type { InvokerFiles } from "./invoker-files.ts";

/**
 * The files with the keys that apt trusts by default; see apt-secure(8). The patterns allow few characters and three
 * extensions, as apt does: a backup ("vendor.gpg~", "vendor.gpg.dpkg-old", ".vendor.gpg.swp") may contain a key that an
 * administrator has removed.
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

/** Returns the paths of these files, sorted by name in each folder. */
export function aptKeyPaths(files: InvokerFiles): readonly string[] {
  return aptKeys.flatMap(({ folder, pattern }) =>
    files
      .names(folder)
      .filter((name) => pattern.test(name))
      .map((name) => join(folder, name)),
  );
}
