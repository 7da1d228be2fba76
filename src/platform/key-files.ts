import { join } from "node:path";
import type { KeyFile } from "../trust/index.ts";
import type { InvokerFiles } from "./invoker-files.ts";

/** Where apt keeps the keys that it trusts when nothing else is said; see apt-secure(8). */
const aptKeys = [
  { folder: "/etc/apt/trusted.gpg.d", pattern: /\.(?:gpg|asc)$/ },
  { folder: "/usr/share/keyrings", pattern: /-archive-keyring\.[^.]+$/ },
] as const;

export const aptKeyFolders: readonly string[] = aptKeys.map(({ folder }) => folder);

export const readKeyFile = (files: InvokerFiles, path: string): KeyFile => ({
  name: path,
  bytes: files.read(path),
});

/** In the order of their names. */
export function aptKeyFiles(files: InvokerFiles): readonly KeyFile[] {
  return aptKeys.flatMap(({ folder, pattern }) =>
    files
      .names(folder)
      .filter((name) => pattern.test(name))
      .map((name) => readKeyFile(files, join(folder, name))),
  );
}
