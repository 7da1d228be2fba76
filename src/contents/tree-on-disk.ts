import { join } from "node:path";
import { type DecoderCommands, decompressFile, missingProgram } from "../platform/decompress/decompress.ts";
import { inodeIfAny, readSmallFileIfAny } from "../platform/look.ts";
import { signatureBytesMax } from "../repository/index.ts";
import type { TreeFiles } from "./tree-files.ts";

/** Opens a tree that is a directory. */
export function openTreeOnDisk(
  root: string,
  { signal, decoderCommands }: { readonly signal: AbortSignal; readonly decoderCommands: DecoderCommands },
): TreeFiles {
  return {
    ...smallFilesOnDisk(root),
    decompress: (path, compression, bytesMax) =>
      decompressFile(join(root, path), compression, { bytesMax, signal, commands: decoderCommands }),
    missingProgram: (compression) => missingProgram(compression, decoderCommands),
  };
}

/** Opens what of a tree can be read at once. */
export const smallFilesOnDisk = (root: string): Pick<TreeFiles, "has" | "read"> => ({
  has: (path) => inodeIfAny(join(root, path)) !== undefined,
  read: (path) => readSmallFileIfAny(join(root, path), signatureBytesMax.InRelease),
});
