import { closeSync, openSync, readSync } from "node:fs";
import { namingPath } from "./name-path.ts";

/** Reads a part of a file. Returns less if the file ends before. */
export function readPart(path: string, start: number, lengthBytes: number): Buffer {
  const part = Buffer.alloc(lengthBytes);
  const descriptor = openSync(path, "r");
  try {
    return part.subarray(
      0,
      namingPath(path, () => readSync(descriptor, part, 0, lengthBytes, start)),
    );
  } finally {
    closeSync(descriptor);
  }
}
