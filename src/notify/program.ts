import { hasCode } from "../errors.ts";
import type { ProgramResult, Programs } from "../platform/machine/programs.ts";
import { NotifyError } from "./errors.ts";

export interface ProgramRun {
  readonly programs: Programs;
  readonly tempDir: string;
  readonly limitMs: number;
}

/** Of the start and of the end of stdout, and of stderr. */
const keptBytes = 1024;

/** Runs a program on a text. Rejects with NotifyError unless it exits with 0. */
export async function runOn(
  input: string,
  [name, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  { programs, tempDir, limitMs }: ProgramRun,
): Promise<void> {
  const path = programs.find(name);
  if (path === undefined) throw new NotifyError(`${name}: there is no such program that this user may run`);
  const program = {
    argv: [path, ...args],
    cwd: tempDir,
    // An empty PATH finds nothing; without one, a shell has its own.
    env: { ...(programs.path === "" ? {} : { PATH: programs.path }), LC_ALL: "C.UTF-8", ...env },
    input,
    limitMs,
    keptBytes,
  } as const;
  const result = await programs.run(program).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT", "EACCES", "E2BIG", "ENOEXEC", "EPERM")) throw error;
    throw new NotifyError(`${name} cannot be started (${error.message})`, { cause: error });
  });
  const how = endOf(result, limitMs);
  if (how === undefined) return;
  const [line = ""] = (result.stderr.trim() || result.stdout.trim()).split("\n", 1);
  const isRefusal = result.end.kind === "exited"; // perhaps it fails for this event alone
  throw new NotifyError(`${name} ${how}${line === "" ? "" : `: ${line}`}`, { isRefusal });
}

function endOf({ end }: ProgramResult, limitMs: number): string | undefined {
  switch (end.kind) {
    case "exited":
      return end.status === 0 ? undefined : `exited with ${end.status}`;
    case "killed":
      return `was ended by ${end.by}`;
    case "timed-out":
      return `took longer than ${limitMs / 1000} s and was ended`;
  }
}
