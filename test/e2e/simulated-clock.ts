/** The command line of a workspace in this process, at a time that the test sets. */
import { runCli } from "../../src/cli/index.ts";
import type { Output } from "../../src/platform/host.ts";
import { createHost, type Workspace } from "../support/index.ts";

export interface Shell {
  /** The time of the next command. */
  now: Date;
  /** Runs a command; fails the test if it ends with another status than `exitCode` (default 0). */
  run(args: readonly string[], exitCode?: number): Promise<Printed>;
}

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

export function openShell(workspace: Workspace, start: Date): Shell {
  const shell: Shell = {
    now: start,
    async run(args, exitCode = 0) {
      const printed = { stdout: "", stderr: "" };
      const output = (stream: keyof typeof printed): Output => ({
        isTerminal: false,
        columns: 80,
        write: (text) => {
          printed[stream] += text;
        },
      });
      const host = createHost({
        env: { MIRRORCTL_CONFIG: workspace.configFile },
        homeDir: workspace.path,
        now: () => shell.now,
        stdout: output("stdout"),
        stderr: output("stderr"),
      });
      const status = await runCli(args, host);
      if (status === exitCode) return printed;
      throw new Error(
        `mirrorctl ${args.join(" ")}: exit status ${status} instead of ${exitCode}\n${printed.stderr}${printed.stdout}`,
      );
    },
  };
  return shell;
}
