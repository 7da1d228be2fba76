import { join } from "node:path";
import type { KeyFile } from "../trust/index.ts";
import { listDirectory, readBytes } from "./files.ts";

/** Where apt keeps the keys that it trusts when nothing else is said; see apt-secure(8). */
const aptKeyFolders = [
  { folder: "/etc/apt/trusted.gpg.d", pattern: /\.(?:gpg|asc)$/ },
  { folder: "/usr/share/keyrings", pattern: /-archive-keyring\.[^.]+$/ },
] as const;

export const readKeyFile = (path: string): KeyFile => ({ name: path, bytes: readBytes(path) });

/** In the order of their names. */
export function aptKeyFiles(): readonly KeyFile[] {
  return aptKeyFolders.flatMap(({ folder, pattern }) =>
    listDirectory(folder)
      .filter((entry) => pattern.test(entry.name) && (entry.isFile() || entry.isSymbolicLink()))
      .map((entry) => join(folder, entry.name))
      .toSorted()
      .map(readKeyFile),
  );
}
