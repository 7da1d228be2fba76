import { closeSync, openSync, readSync, statSync } from "node:fs";
import { namingPath } from "./name-path.ts";

/**
 * Reads a file of which nothing is known but its name. Throws an error with code EFBIG at the first byte that is too many,
 * such as of /dev/zero, and ENXIO for a named pipe: nothing can end the wait for its writer, not even Ctrl-C.
 */
export function readBounded(path: string, bytesMax: number): Buffer {
  if (!isOfShell.test(path) && statSync(path).isFIFO()) throw failure("ENXIO", path);
  const descriptor = openSync(path, "r");
  try {
    const chunks: Buffer[] = [];
    for (let left = bytesMax; left >= 0; ) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, left + 1));
      const bytes = namingPath(path, () => readSync(descriptor, chunk));
      if (bytes === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, bytes));
      left -= bytes;
    }
    throw failure("EFBIG", path);
  } finally {
    closeSync(descriptor);
  }
}

/** What a shell opened: standard input, or the pipe of `<(command)`. */
const isOfShell = /^\/dev\/(?:stdin$|fd\/)/;

const chunkBytes = 64 << 10;

const failure = (code: "EFBIG" | "ENXIO", path: string): Error =>
  Object.assign(new Error(`${code}: read ${path}`), { code });
