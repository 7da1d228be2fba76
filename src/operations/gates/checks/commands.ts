import { whyUnreadable } from "../../../errors.ts";
import { type Detail, findings, type VerdictKind, worst } from "../../../gates/index.ts";
import { statIfAny } from "../../../platform/look.ts";
import type { ProgramResult } from "../../../platform/machine/programs.ts";
import { codeOf } from "../../../report/errors.ts";
import type { Gate } from "../gate.ts";
import type { Subject } from "../subject/subject.ts";
import { commandSurroundings, type Surroundings } from "./command-surroundings.ts";

type CommandDetail = Extract<Detail, { readonly kind: "command" }>;

/** Runs the commands of the configuration, one after the other. All run, so that one test finds everything. */
export const commands: Gate<"commands"> = {
  /** Programs and scripts are edited, and what they need may be among their arguments. */
  inputsOf: ({ commands: configured }, { programs }) =>
    JSON.stringify(
      configured.map(([program, ...args]) =>
        [programs.find(program) ?? "", ...args.filter((one) => one.startsWith("/"))].map(fileState),
      ),
    ),
  async run({ commands: configured, limitMs }, subject) {
    await using surroundings = await commandSurroundings(subject);
    const details: CommandDetail[] = [];
    for (const [index, argv] of configured.entries()) {
      const [program] = argv;
      const ended = await runCommand(subject, argv, limitMs, surroundings);
      details.push({ kind: "command", position: index + 1, program, ...ended });
    }
    const refused = details.filter(({ end }) => end !== "passed");
    const verdict = worst(refused.map(({ end }): VerdictKind => (end === "not-yet" ? "not-yet" : "failed")));
    const found = findings(refused.length, refused);
    return verdict === "not-yet" || verdict === "failed"
      ? { kind: verdict, ...found }
      : { kind: "passed", ...found };
  },
};

/** Returns a text that changes whenever the file does. The user may run a program that they may not read. */
function fileState(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statIfAny(path) ?? {};
    return [path, ino, size, mtimeMs, ctimeMs].join(" ");
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    return `${path} ${reason}`;
  }
}

/** EX_TEMPFAIL of sysexits.h. */
const notYetStatus = 75;

/** A script that nobody made executable is there, and is not a program. */
const noProgram = "there is no such program that this user may run";

/** Of the start and of the end of stdout, and of stderr. */
const keptBytes = 64 * 1024;

type Ended = Pick<CommandDetail, "end" | "status" | "output">;

async function runCommand(
  { ports: { programs, signal } }: Subject,
  [name, ...args]: readonly [string, ...string[]],
  limitMs: number,
  { cwd, env }: Pick<Surroundings, "cwd" | "env">,
): Promise<Ended> {
  const path = programs.find(name);
  if (path === undefined) return { end: "not-started", status: noProgram, output: "" };
  try {
    const argv = [path, ...args] as const;
    return endedAs(await programs.run({ argv, cwd, env, limitMs, keptBytes }));
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { end: "not-started", status: code, output: "" };
  }
}

function endedAs({ end, stdout, stderr }: ProgramResult): Ended {
  const output = stdout + stderr;
  switch (end.kind) {
    case "exited": {
      const how = end.status === 0 ? "passed" : end.status === notYetStatus ? "not-yet" : "failed";
      return { end: how, status: String(end.status), output };
    }
    case "killed":
      return { end: "killed", status: end.by, output };
    case "timed-out":
      return { end: "timed-out", status: "", output };
  }
}
