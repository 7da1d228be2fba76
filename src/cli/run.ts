import { CommanderError } from "commander";
import type { Host } from "../platform/machine/host.ts";
import { exitStatus, exitStatusOf } from "../report/errors.ts";
import { createProgram } from "./program.ts";

/** Runs one command line; returns the exit status. */
export async function runCli(argv: readonly string[], host: Host): Promise<number> {
  let status: number = exitStatus.done;
  const usage: string[] = [];
  const setStatus = (result: number): void => {
    status = result;
  };
  const program = createProgram(host, setStatus, (text) => void usage.push(text));
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    // Help and version are not errors; the rest is wrong usage.
    if (error instanceof CommanderError) {
      await sayUsage(error, usage.join(""), argv, host);
      return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    }
    await logError(error, argv, host);
    return exitStatusOf(error);
  }
}

/** Says what Commander has to say: with --json, an error is a line of the log as any other. */
async function sayUsage(
  { code }: CommanderError,
  text: string,
  argv: readonly string[],
  host: Host,
): Promise<void> {
  const isError = text !== "" && code !== "commander.help";
  if (!isError || !argv.includes("--json")) return host.stderr.write(text);
  const message = text.replace(/^ERROR /, "").trim();
  await logError(new Error(message.replaceAll("\n", " ")), argv, host);
}

/** The error may be older than the flags and the configuration. */
async function logError(error: unknown, argv: readonly string[], host: Host): Promise<void> {
  const flags = { json: argv.includes("--json"), verboseErrors: argv.includes("--verbose-errors") };
  const { plainLog } = await import("./reports.ts");
  plainLog(host, { ...flags, quiet: true, logLevel: undefined }).error(error);
}
