import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { styleText } from "node:util";
import { executable, type ProgramResult, runProgram } from "../../test/support/index.ts";

/** Runs commands and shows their output. Each step first checks whether the demonstration should end. */
export interface Terminal {
  heading(text: string): void;
  say(...lines: readonly string[]): void;
  fact(text: string): void;
  /** Writes the file that MIRRORCTL_CONFIG names, and shows it. */
  showConfiguration(text: string): Promise<void>;
  /** Runs the built mirrorctl. Fails if the exit status or the output is not as expected. */
  mirrorctl(args: readonly string[], expected?: { exitStatus: number; output: string }): Promise<void>;
  /** Shows `ls -l` of a directory. */
  list(dir: string): Promise<void>;
  /** Waits, because snapshots are named by the second. */
  untilNextSecond(): Promise<void>;
}

export function createTerminal(home: string, signal: AbortSignal): Terminal {
  const configFile = join(home, "mirror.toml");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    LC_ALL: "C",
    MIRRORCTL_CONFIG: configFile,
    ...(process.env["SUDO_USER"] === undefined ? {} : { SUDO_USER: process.env["SUDO_USER"] }),
  };
  const run = async (
    shown: readonly string[],
    program: string,
    args: readonly string[],
  ): Promise<ProgramResult> => {
    signal.throwIfAborted();
    console.log(`\n${styleText("bold", `$ ${shown.map(quoted).join(" ")}`)}`);
    const result = await runProgram(program, args, { env });
    console.log(result.output.trimEnd());
    return result;
  };
  return {
    heading: (text) => console.log(`\n${styleText(["bold", "cyan"], `== ${text}`)}`),
    say: (...lines) => console.log(`\n${lines.join("\n")}`),
    fact: (text) => console.log(`  ${text}`),
    async showConfiguration(text) {
      await writeFile(configFile, text);
      await run(["cat", configFile], "cat", [configFile]);
    },
    async mirrorctl(args, expected = { exitStatus: 0, output: "" }) {
      const { exitCode, output } = await run(["mirrorctl", ...args], executable, args);
      signal.throwIfAborted();
      if (exitCode === expected.exitStatus && output.includes(expected.output)) return;
      throw new Error(`mirrorctl ${args.join(" ")} ended unexpectedly, expected ${JSON.stringify(expected)}`);
    },
    async list(dir) {
      await run(["ls", "-l", dir], "ls", ["-l", dir]);
    },
    untilNextSecond: () => pause(1000 - (Date.now() % 1000)),
  };
}

const quoted = (word: string): string => (/^[\w./:=-]+$/.test(word) ? word : `"${word}"`);
