import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { constants as osConstants } from "node:os";
import { join } from "node:path";

/** The program as users get it, made by `node scripts/build.ts`. */
export const executable = join(import.meta.dirname, "../../dist/mirrorctl");

export interface CommandResult {
  /** 128 plus the signal's number if a signal ended the program, as in a shell. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Run as this user and group; needs root. */
  readonly userId?: number | undefined;
  /** A program that runs the command line, such as `script`. */
  readonly through?: ((commandLine: readonly string[]) => readonly string[]) | undefined;
}

/** A running command. Disposing ends it if it still runs. */
export interface RunningCommand extends AsyncDisposable {
  readonly ended: Promise<CommandResult>;
  kill(signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL"): void;
}

/** Throws with advice if the executable has not been built. */
export function assertBuilt(): void {
  try {
    accessSync(executable, constants.X_OK);
  } catch (error) {
    throw new Error(`${executable} is missing: build it with "node scripts/build.ts"`, { cause: error });
  }
}

/** Starts the built executable. Kills it after a minute, so that a hanging command fails by its exit status. */
export function startExecutable(args: readonly string[], options: StartOptions): RunningCommand {
  const commandLine = [executable, ...args];
  const [program = executable, ...rest] = options.through?.(commandLine) ?? commandLine;
  const { userId } = options;
  const child = spawn(program, rest, {
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
    ...(userId === undefined ? {} : { uid: userId, gid: userId }),
  });
  const ended = resultOf(child);
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function resultOf(child: ChildProcess): Promise<CommandResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (bytes: Buffer) => stdout.push(bytes));
  child.stderr?.on("data", (bytes: Buffer) => stderr.push(bytes));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : osConstants.signals[signal])),
    );
  });
  return {
    exitCode,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  };
}
