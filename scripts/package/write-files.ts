import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackagedFile } from "./contents.ts";

/** Writes files below a directory, with their modes whatever the umask. */
export function writeFiles(directory: string, files: readonly PackagedFile[]): void {
  for (const { path, bytes, mode } of files) {
    const target = join(directory, path);
    makeDirectory(dirname(target));
    writeFileSync(target, bytes);
    chmodSync(target, mode);
  }
}

/** Makes a directory and those above it. */
export function makeDirectory(path: string): void {
  const umask = process.umask(0o022);
  mkdirSync(path, { recursive: true });
  process.umask(umask);
}
