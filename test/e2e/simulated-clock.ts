/** The command line of a workspace in this process, at a time that the test sets. */
import type { Workspace } from "../support/index.ts";
import { type CommandOutcome, runCommand } from "../support/run-command.ts";

export interface Shell {
  /** The time of the next command. */
  now: Date;
  /** Runs a command; fails the test if it ends with another status than `exitCode` (default 0). */
  run(args: readonly string[], exitCode?: number): Promise<CommandOutcome>;
}

export function openShell(workspace: Workspace, start: Date): Shell {
  const shell: Shell = {
    now: start,
    async run(args, exitCode = 0) {
      const outcome = await runCommand(args, {
        env: { MIRRORCTL_CONFIG: workspace.configFile },
        homeDir: workspace.path,
        now: () => shell.now,
      });
      if (outcome.status === exitCode) return outcome;
      const found = `exit status ${outcome.status} instead of ${exitCode}`;
      throw new Error(`mirrorctl ${args.join(" ")}: ${found}\n${outcome.stderr}${outcome.stdout}`);
    },
  };
  return shell;
}
