import { runCli } from "../../src/cli/index.ts";
import type { Host, Output } from "../../src/platform/machine/host.ts";
import { checkJson } from "./check-json.ts";
import { createHost } from "./host.ts";

export interface CommandOutcome {
  /** The exit status. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type CommandSettings = Partial<Host> & Partial<Pick<Output, "isTerminal" | "columns">>;

/** Runs a command line in this process, and compares its JSON with docs/schemas. See `createHost` for the settings. */
export async function runCommand(
  args: readonly string[],
  { isTerminal = false, columns = 80, ...settings }: CommandSettings = {},
): Promise<CommandOutcome> {
  const written = { stdout: "", stderr: "" };
  const outputTo = (stream: "stdout" | "stderr"): Output => ({
    isTerminal,
    columns,
    write: (text) => {
      written[stream] += text;
    },
  });
  const host = createHost({ stdout: outputTo("stdout"), stderr: outputTo("stderr"), ...settings });
  const status = await runCli(args, host);
  checkJson(args, written.stdout);
  return { status, ...written };
}
