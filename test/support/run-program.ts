import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { findCommand } from "../../src/platform/machine/host.ts";

/** A fixed search path, so that each user's tests find the same programs (nginx is in sbin). */
export const systemPath = [
  "/usr/local/bin",
  "/usr/local/sbin",
  "/usr/bin",
  "/usr/sbin",
  "/bin",
  "/sbin",
].join(delimiter);

export interface ProgramOptions {
  readonly cwd?: string;
  /** The whole environment of the program; only PATH and LC_ALL=C when absent. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** After this time the program is killed and the call fails. */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** Its output on stdout and stderr, in the order of arrival. */
  readonly output: string;
}

/** Runs a program of the system to its end. Rejects if it cannot be started or is ended by a signal. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? { PATH: systemPath, LC_ALL: "C" },
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    timeout: options.timeoutMs ?? 60_000,
    killSignal: "SIGKILL",
  });
  const stdout: Buffer[] = [];
  const output: Buffer[] = [];
  child.stdout?.on("data", (bytes: Buffer) => {
    stdout.push(bytes);
    output.push(bytes);
  });
  child.stderr?.on("data", (bytes: Buffer) => output.push(bytes));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.stdin?.once("error", reject);
    child.once("close", (code, signal) =>
      code === null ? reject(new Error(`${program} was ended by ${signal}`)) : resolve(code),
    );
    child.stdin?.end(options.input);
  });
  return { exitCode, stdout: Buffer.concat(stdout), output: Buffer.concat(output).toString() };
}

/** Returns the absolute path of an executable of the system, or undefined if it is not installed. */
export const findProgram = (name: string): string | undefined => findCommand(name, systemPath);
