import { Buffer } from "node:buffer";

/**
 * Returns the lines of a file, one character per byte (latin1), without their "\n". A final newline does not make an
 * empty last line; any other empty line at the end does.
 */
export function linesOf(bytes: Uint8Array): string[] {
  const lines = latin1Of(bytes).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Returns bytes as a string of one character per byte. */
export function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/**
 * Returns a line without trailing spaces and tabs and without the carriage return of a CR LF; armor and clearsigned
 * text ignore these (RFC 9580 6.2, 7.2). A loop, because a regular expression is quadratic in a run of spaces.
 */
export function trimEnd(line: string): string {
  let end = line.endsWith("\r") ? line.length - 1 : line.length;
  while (end > 0 && (line[end - 1] === " " || line[end - 1] === "\t")) end--;
  return line.slice(0, end);
}
