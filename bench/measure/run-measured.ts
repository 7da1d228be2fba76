import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Memory, memoryOfDescendants } from "./process-tree.ts";

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Cost {
  readonly wallSeconds: number;
  /** Of the command and everything it started, in user and system mode. */
  readonly processorSeconds: number;
  /** The most at one of the samples. */
  readonly peak: Memory;
}

export interface RunOptions {
  /** What the command prints is appended to this file. */
  readonly logFile: string;
  /** Ends the command and all it started. */
  readonly signal: AbortSignal;
}

const sampleEveryMs = 20;

// bash's own `time` adds nothing to what it measures, and counts the processor time of all descendants.
const script = `TIMEFORMAT='%R %U %S'; { time "$@" >>"$LOG" 2>&1 </dev/null 3>&-; } 2>&3`;

/** Runs a command to its end; throws, with the end of its output, unless it succeeds. */
export async function runMeasured({ argv, env }: Command, { logFile, signal }: RunOptions): Promise<Cost> {
  signal.throwIfAborted();
  const child = spawn("bash", ["-c", script, "bash", ...argv], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    env: { ...process.env, ...env, LOG: logFile, LC_ALL: "C" },
    detached: true, // a group of its own
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("bash does not start");
  const end = (): void => void process.kill(-pid, "SIGTERM");
  signal.addEventListener("abort", end);
  let peak: Memory = { bytes: 0, ownBytes: 0 };
  const sampling = setInterval(() => {
    const now = memoryOfDescendants(pid);
    peak = { bytes: Math.max(peak.bytes, now.bytes), ownBytes: Math.max(peak.ownBytes, now.ownBytes) };
  }, sampleEveryMs);
  const [times, [exitCode]] = await Promise.all([text(child.stdio[3] as Readable), once(child, "exit")]);
  clearInterval(sampling);
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (exitCode !== 0)
    throw new Error(`${argv.join(" ")} failed:\n${readFileSync(logFile, "utf8").slice(-2_000)}`);
  const [wallSeconds = 0, user = 0, system = 0] = times.trim().split(" ").map(Number);
  return { wallSeconds, processorSeconds: user + system, peak };
}

/** Runs commands one after the other, as one. */
export const inTurn = (commands: readonly Command[]): Command => ({
  argv: ["bash", "-c", commands.map(({ argv }) => argv.map(quoted).join(" ")).join(" && ")],
  env: Object.assign({}, ...commands.map(({ env }) => env)) as Record<string, string>,
});

const quoted = (text_: string): string => `'${text_.replaceAll("'", String.raw`'\''`)}'`;
