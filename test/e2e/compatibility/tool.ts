import { type ProgramOptions, runProgram } from "../../support/index.ts";

/** Runs a program that must succeed. Returns its stdout. */
export async function tool(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Buffer> {
  const { exitCode, stdout, output } = await runProgram(program, args, options);
  if (exitCode !== 0) throw new Error(`${program} ${args.join(" ")} failed with ${exitCode}: ${output}`);
  return stdout;
}
