import { basename, dirname, join } from "node:path";
import {
  closeFile,
  makeSymlink,
  movePath,
  openNew,
  removeFile,
  syncDirectory,
  syncFile,
  writeFully,
} from "./files.ts";

/**
 * Writes a small file so that a reader, or the next run after a power cut, finds the old bytes or the new ones.
 * One writer at a time: the caller holds the lock of whatever the file belongs to.
 */
export function writeDurably(path: string, content: string | Uint8Array, mode: number): void {
  replaceDurably(path, (temporary) => {
    const descriptor = openNew(temporary, mode);
    try {
      writeFully(descriptor, typeof content === "string" ? Buffer.from(content) : content);
      syncFile(descriptor);
    } finally {
      closeFile(descriptor);
    }
  });
}

/** Points a symbolic link at a target by one rename(2): whoever looks finds the old target or the new one. */
export function pointLinkDurably(link: string, target: string): void {
  replaceDurably(link, (temporary) => makeSymlink(target, temporary));
}

/** The temporary name is always the same one, so that a run that was killed leaves at most one, which the next takes away. */
function replaceDurably(path: string, make: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path).replace(/^\./, "")}.next`);
  removeFile(temporary);
  try {
    make(temporary);
    movePath(temporary, path);
  } finally {
    removeFile(temporary); // gone already unless something failed
  }
  syncDirectory(dirname(path));
}
