import { join } from "node:path";
import { type DecoderCommands, decompressFile, missingProgram } from "../platform/decompress/decompress.ts";
import { inodeIfAny, readBytesIfAny } from "../platform/files.ts";
import type { TreeFiles } from "./tree-files.ts";

/** Opens a tree that is a directory. */
export function openTreeOnDisk(
  root: string,
  { signal, decoderCommands }: { readonly signal: AbortSignal; readonly decoderCommands: DecoderCommands },
): TreeFiles {
  return {
    has: (path) => inodeIfAny(join(root, path)) !== undefined,
    read: (path) => readBytesIfAny(join(root, path)),
    decompress: (path, compression, bytesMax) =>
      decompressFile(join(root, path), compression, { bytesMax, signal, commands: decoderCommands }),
    missingProgram: (compression) => missingProgram(compression, decoderCommands),
  };
}
