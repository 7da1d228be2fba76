import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes the files below a directory. Returns how many bytes they have. */
export function writeSite(target: string, files: ReadonlyMap<string, string | Uint8Array>): number {
  let bytes = 0;
  for (const [path, content] of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), content);
    bytes += Buffer.byteLength(content);
  }
  return bytes;
}
