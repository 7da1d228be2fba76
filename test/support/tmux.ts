import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { hasCode } from "../../src/errors.ts";
import { findProgram, runProgram } from "./run-program.ts";

/** A real terminal, tmux, in which a program runs. */
export interface TmuxTerminal extends AsyncDisposable {
  /** Returns the visible lines, without trailing blanks and without blank lines at the bottom. */
  screen(): Promise<readonly string[]>;
  /** Returns the same with the lines that have scrolled out. */
  everything(): Promise<readonly string[]>;
  /** Presses keys, such as `C-c`, one after the other. */
  press(...keys: readonly string[]): Promise<void>;
  type(text: string): Promise<void>;
  resize(columns: number): Promise<void>;
  /** Undefined while the program runs. */
  exitStatus(): Promise<number | undefined>;
  /** Closes the terminal of the program, as a lost connection does. */
  hangUp(): Promise<void>;
}

export interface TmuxOptions {
  /** A private directory. */
  readonly dir: string;
  readonly columns: number;
  readonly commandLine: readonly string[];
  /** The whole environment of the program, except TERM and what tmux adds. */
  readonly env: Readonly<Record<string, string>>;
}

const settings = `
set -g status off
set -g remain-on-exit on
set -g remain-on-exit-format ""
`;

export async function startInTmux({ dir, columns, commandLine, env }: TmuxOptions): Promise<TmuxTerminal> {
  const program = findProgram("tmux");
  if (program === undefined) throw new Error("tmux is missing: run scripts/setup.sh");
  const configFile = join(dir, "tmux.conf");
  await writeFile(configFile, settings);
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const common = ["-S", join(dir, "tmux.socket"), "-f", configFile];
    const { exitCode, output } = await runProgram(program, [...common, ...args], {
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", ...env },
    });
    if (exitCode !== 0) throw new Error(`tmux ${args.join(" ")}: ${output}`);
    return output;
  };
  await tmux("new-session", "-d", "-s", "test", "-x", String(columns), "-y", "40", ...commandLine);
  const pid = Number(await tmux("display-message", "-p", "-t", "test", "#{pane_pid}"));
  return {
    screen: async () => linesOf(await tmux("capture-pane", "-p", "-t", "test")),
    everything: async () => linesOf(await tmux("capture-pane", "-p", "-t", "test", "-S", "-")),
    press: async (...keys) => void (await tmux("send-keys", "-t", "test", ...keys)),
    type: async (text) => void (await tmux("send-keys", "-t", "test", "-l", text)),
    resize: async (width) => void (await tmux("resize-window", "-t", "test", "-x", String(width))),
    async exitStatus() {
      const format = "#{pane_dead} #{pane_dead_status}";
      const [isDead, status] = (await tmux("display-message", "-p", "-t", "test", format)).trim().split(" ");
      if (isDead !== "1") return undefined;
      if (status !== undefined) return Number(status);
      // tmux 3.3 may miss that the program has ended. It looks again when another child of its own ends.
      await tmux("run-shell", "true");
      return undefined;
    },
    hangUp: async () => void (await tmux("kill-server")),
    async [Symbol.asyncDispose]() {
      await runProgram(program, ["-S", join(dir, "tmux.socket"), "kill-server"]); // fails after hangUp
      while (isRunning(pid)) await pause(10); // it finishes its current work
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    throw error;
  }
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
