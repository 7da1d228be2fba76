import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { addAbortSignal, Readable } from "node:stream";
import { DecompressionError, damaged } from "./decompress-errors.ts";

/** A dictionary may claim 1.5 GiB; `xz -9` uses 64 MiB. */
const memoryLimit = "512MiB";
const complaintBytesMax = 4_096;

/** Runs `xz`, the fastest decoder there is here. The file is its standard input, because objects bear no suffix. */
export async function* decodeXzByCommand(
  path: string,
  command: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  await using file = await open(path);
  const child = startXz(command, file.fd);
  const ended = endOf(child);
  try {
    yield* addAbortSignal(signal, child.stdout);
    const end = await ended;
    if (end.kind === "failed") throw commandFailed(path, command, end.cause);
    if (end.kind === "refused") throw damaged(path, "xz", end.complaint);
  } finally {
    child.kill();
    await ended;
  }
}

type XzProcess = ChildProcessByStdio<null, Readable, Readable>;

function startXz(command: string, inputFd: number): XzProcess {
  const options = [
    "--decompress",
    "--stdout",
    "--format=xz",
    "--threads=1",
    `--memlimit-decompress=${memoryLimit}`,
  ];
  return spawn(command, options, { stdio: [inputFd, "pipe", "pipe"] }) as XzProcess;
}

type End = { kind: "done" } | { kind: "refused"; complaint: string } | { kind: "failed"; cause: Error };

/** Never rejects. */
function endOf(child: XzProcess): Promise<End> {
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, complaintBytesMax);
  });
  return new Promise((resolve) => {
    child.once("error", (cause) => {
      resolve({ kind: "failed", cause });
    });
    child.once("close", (exitCode, killedBy) => {
      const found =
        complaint.trim().replace(/^\S*xz: \(stdin\): /, "") || `xz ended with ${killedBy ?? exitCode}`;
      resolve(exitCode === 0 ? { kind: "done" } : { kind: "refused", complaint: found });
    });
  });
}

function commandFailed(path: string, command: string, cause: Error): DecompressionError {
  return new DecompressionError("DECOMPRESSOR_FAILED", `cannot run ${command} on ${path}: ${cause.message}`, {
    facts: { path, command },
    hint: "Install xz-utils, or correct the PATH of mirrorctl.",
    cause,
  });
}

/** Decodes within this process, where there is no `xz`: slower, and without the rarer filters and check types. */
export async function* decodeXzByWasm(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { XzReadableStream } = (await import("xz-decompress")).default;
  const source = addAbortSignal(signal, createReadStream(path));
  let readFailure: Error | undefined;
  source.once("error", (error) => {
    readFailure = error;
  });
  try {
    yield* new XzReadableStream(Readable.toWeb(source));
  } catch (error) {
    if (readFailure !== undefined) throw readFailure;
    const found = error instanceof Error ? error.message : String(error);
    throw damaged(
      path,
      "xz",
      `${found}; xz-utils, once installed, would be used and knows more variants`,
      error,
    );
  } finally {
    source.destroy();
  }
}
