import { CommanderError } from "commander";
import type { Host } from "../platform/host.ts";
import { exitStatus, exitStatusOf } from "../report/errors.ts";
import { createLog } from "../report/log.ts";
import { terminalOf } from "../report/terminal/terminal.ts";
import { createProgram } from "./program.ts";

/** Runs one command line; answers the exit status. */
export async function runCli(argv: readonly string[], host: Host): Promise<number> {
  let status: number = exitStatus.done;
  const program = createProgram(host, (result) => {
    status = result;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    // Commander has written what it has to say: help and version end well, the rest is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    errorLog(host, argv).error(error);
    return exitStatusOf(error);
  }
}

/** For errors from before the configuration was read, so that no setting of it counts. */
function errorLog(host: Host, argv: readonly string[]): ReturnType<typeof createLog> {
  return createLog({
    level: "error",
    format: argv.includes("--json") ? "json" : "text",
    colour: terminalOf(host.stderr, host.env).hasColour,
    verboseErrors: argv.includes("--verbose-errors"),
    needsName: () => false,
    now: host.now,
    write: host.stderr.write,
  });
}
