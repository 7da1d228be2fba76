import { type ChildProcess, spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { addAbortSignal, pipeline } from "node:stream";
import { type ByteRange, readStream } from "./byte-range.ts";
import { DecompressionError, damaged } from "./errors.ts";

/** A dictionary may claim 1.5 GiB; `xz -9` uses 64 MiB. */
const memoryLimit = "512MiB";
const complaintBytesMax = 4_096;

const xzOptions = (format: "xz" | "lzma"): readonly string[] => [
  "--decompress",
  "--stdout",
  `--format=${format}`,
  "--threads=1",
  `--memlimit-decompress=${memoryLimit}`,
];

/** How a format is read by a program of the system, and the package that has it. */
const programs = {
  xz: { options: xzOptions("xz"), debianPackage: "xz-utils" },
  lzma: { options: xzOptions("lzma"), debianPackage: "xz-utils" },
  lz4: { options: ["--decompress", "--stdout", "--quiet"], debianPackage: "lz4" },
} as const;

/**
 * Runs the program that reads a format. The file is its standard input, because objects bear no suffix; a part of a file
 * is piped to it.
 */
export async function* decodeByCommand(
  path: string,
  format: keyof typeof programs,
  command: string,
  { signal, range }: { readonly signal: AbortSignal; readonly range?: ByteRange | undefined },
): AsyncGenerator<Uint8Array, void, undefined> {
  await using file = await open(path);
  if ((await file.stat()).size === 0) throw damaged(path, format, "it is empty"); // lz4 takes it for a file of nothing
  const { options, debianPackage } = programs[format];
  const child = spawn(command, options, { stdio: [range === undefined ? file.fd : "pipe", "pipe", "pipe"] });
  // If reading fails, the program finds its input cut and says so; if the program has ended, nobody needs the rest.
  if (child.stdin !== null) pipeline(readStream(path, range), child.stdin, () => undefined);
  const ended = endOf(child);
  try {
    if (child.stdout !== null) yield* addAbortSignal(signal, child.stdout);
    const end = await ended;
    if (end.kind === "failed") throw commandFailed(path, command, debianPackage, end.cause);
    if (end.kind === "refused") throw damaged(path, format, end.complaint);
  } finally {
    child.kill();
    await ended;
  }
}

type End = { kind: "done" } | { kind: "refused"; complaint: string } | { kind: "failed"; cause: Error };

/** Never rejects. */
function endOf(child: ChildProcess): Promise<End> {
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, complaintBytesMax);
  });
  return new Promise((resolve) => {
    child.once("error", (cause) => {
      resolve({ kind: "failed", cause });
    });
    child.once("close", (exitCode, killedBy) => {
      const found =
        complaint.trim().replace(/^\S*xz: \(stdin\): /, "") ||
        `the program ended with ${killedBy ?? exitCode}`;
      resolve(exitCode === 0 ? { kind: "done" } : { kind: "refused", complaint: found });
    });
  });
}

function commandFailed(
  path: string,
  command: string,
  debianPackage: string,
  cause: Error,
): DecompressionError {
  return new DecompressionError("DECOMPRESSOR_FAILED", `cannot run ${command} on ${path}: ${cause.message}`, {
    facts: { path, command },
    hint: `Install ${debianPackage}, or correct the PATH of mirrorctl.`,
    cause,
  });
}
