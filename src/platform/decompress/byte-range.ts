import { createReadStream, type ReadStream } from "node:fs";
import { namePath } from "../name-path.ts";

/** A part of a file: from `start` up to but without `end`. Never empty. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Reads a file, or a part of it. */
export const readStream = (path: string, range?: ByteRange, highWaterMark?: number): ReadStream =>
  createReadStream(path, {
    ...(range === undefined ? {} : { start: range.start, end: range.end - 1 }),
    ...(highWaterMark === undefined ? {} : { highWaterMark }),
  }).once("error", (error) => namePath(error, path));
