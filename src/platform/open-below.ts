import { constants, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { closeFile } from "./files.ts";
import { realPathIfAny } from "./look.ts";
import { namePath, namingPath } from "./name-path.ts";

/** A regular file, open for reading. */
export interface OpenedFile extends Disposable {
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  /** Yields the bytes that it had when it was opened, or fewer if it has become shorter. A chunk is valid until the next. */
  chunks(): AsyncGenerator<Uint8Array>;
}

/**
 * Opens a file below a directory that a stranger may have filled: no link leads out of the directory, and a pipe or a device
 * does not block the process. `realRoot` is a real path. Returns undefined if there is no such name.
 */
export function openBelow(
  realRoot: string,
  path: string,
): OpenedFile | "leads-outside" | "not-a-file" | undefined {
  const real = realPathIfAny(join(realRoot, path));
  if (real === undefined) return undefined;
  if (!real.startsWith(realRoot === "/" ? "/" : `${realRoot}/`)) return "leads-outside";
  const descriptor = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) {
    closeFile(descriptor);
    return "not-a-file";
  }
  return {
    sizeBytes: stats.size,
    modifiedAt: stats.mtime,
    chunks: () => readOpened(descriptor, real, stats.size),
    [Symbol.dispose]: () => closeFile(descriptor),
  };
}

/** A file of this size is read by one call: a stream takes longer to make than that. */
const atOnceBytes = 1 << 18;

async function* readOpened(descriptor: number, path: string, sizeBytes: number): AsyncGenerator<Uint8Array> {
  if (sizeBytes > atOnceBytes) {
    const end = sizeBytes - 1;
    yield* createReadStream("", {
      fd: descriptor,
      autoClose: false,
      start: 0,
      end,
      highWaterMark: 1 << 20,
    }).once("error", (error) => namePath(error, path));
    return;
  }
  const buffer = Buffer.allocUnsafe(sizeBytes);
  for (let offset = 0; offset < sizeBytes; ) {
    const read = namingPath(path, () => readSync(descriptor, buffer, offset, sizeBytes - offset, offset));
    if (read === 0) return;
    yield buffer.subarray(offset, offset + read);
    offset += read;
  }
}
