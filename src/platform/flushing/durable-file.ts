import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";
import {
  closeFile,
  linkFile,
  makeSymlink,
  movePath,
  openNew,
  removeFile,
  syncDirectory,
  syncFile,
  writeFully,
} from "../files.ts";

/**
 * Writes a small file so that a reader, or the next run after a power cut, finds either the old bytes or the new ones.
 * The caller holds a lock that excludes other writers.
 */
export function writeDurably(path: string, content: string | Uint8Array, mode: number): void {
  writePartsDurably(path, [content], mode);
}

/** Writes a large file in the same way, part by part. */
export function writePartsDurably(path: string, parts: Iterable<string | Uint8Array>, mode: number): void {
  replaceDurably(path, (temporary) => {
    const descriptor = openNew(temporary, mode);
    try {
      for (const part of parts) writeFully(descriptor, typeof part === "string" ? Buffer.from(part) : part);
      syncFile(descriptor);
    } finally {
      closeFile(descriptor);
    }
  });
}

/** Points a symbolic link at a target by one rename(2): readers see either the old target or the new one. */
export function pointLinkDurably(link: string, target: string): void {
  replaceDurably(link, (temporary) => makeSymlink(target, temporary));
}

/** Always uses the same temporary name: a killed run leaves at most one file, and the next run removes it. */
function replaceDurably(path: string, make: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path).replace(/^\./, "")}.next`);
  removeFile(temporary);
  try {
    make(temporary);
    movePath(temporary, path);
  } finally {
    removeFile(temporary); // left only if something failed
  }
  syncDirectory(dirname(path));
}

/** Makes a file complete or not at all, and survives a power cut. Throws EEXIST if the name exists, and changes nothing then. */
export function writeNewDurably(path: string, content: string | Uint8Array, mode: number): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.new`);
  try {
    const descriptor = openNew(temporary, mode);
    try {
      writeFully(descriptor, Buffer.from(content));
      syncFile(descriptor);
    } finally {
      closeFile(descriptor);
    }
    linkFile(temporary, path); // unlike a rename, link(2) never replaces a file
  } finally {
    removeFile(temporary);
  }
  syncDirectory(dirname(path));
}
