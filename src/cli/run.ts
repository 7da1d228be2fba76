import { CommanderError } from "commander";
import type { Host } from "../platform/machine/host.ts";
import { exitStatus, exitStatusOf } from "../report/errors.ts";
import { createProgram } from "./program.ts";

/** Runs one command line; returns the exit status. */
export async function runCli(argv: readonly string[], host: Host): Promise<number> {
  let status: number = exitStatus.done;
  const program = createProgram(host, (result) => {
    status = result;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    // Commander has written its message already. Help and version are not errors; the rest is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    // The error may be older than the flags and the configuration.
    const flags = { json: argv.includes("--json"), verboseErrors: argv.includes("--verbose-errors") };
    const { plainLog } = await import("./reports.ts");
    plainLog(host, { ...flags, quiet: true, logLevel: undefined }).error(error);
    return exitStatusOf(error);
  }
}
