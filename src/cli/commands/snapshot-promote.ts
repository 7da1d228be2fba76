import { type Command, Option } from "commander";
import type { PromoteOptions } from "../../operations/promotion/index.ts";
import { exitStatus } from "../../report/errors.ts";
import { productionJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";
import { commandLine } from "../next-step.ts";
import type { Session } from "../session.ts";

interface PromoteFlags {
  readonly snapshot?: string;
  readonly newestOlderThan?: string;
  readonly force?: true;
  readonly reason?: string;
  readonly dryRun?: true;
  readonly ask?: true;
}

export function defineSnapshotPromote(command: Command, { runSession, stdin }: CommandHost): void {
  command
    .argument("<id...>", "mirrors")
    .option("--snapshot <name>", "the snapshot that was tested, also after a sync has staged a newer one")
    .option(
      "--newest-older-than <duration>",
      "the newest snapshot at least this old, such as 7d, that passes and is newer than production; staging stays",
    )
    .option("--force", "promote it although gates fail, or it was rolled back; needs --reason")
    .option("--reason <text>", "why, for the history")
    .addOption(
      new Option(
        "--dry-run",
        "say what would change and run the gates, and change nothing; exits with status 3 if it would be refused",
      ).conflicts(["ask", "force"]),
    )
    .option("--ask", "ask on the terminal before production moves")
    .action((ids: readonly string[], flags: PromoteFlags) => {
      const options = promoteOptions(flags, command);
      if (flags.ask === true && !stdin.isTerminal)
        return command.error("error: --ask needs a terminal to ask on; a script can use --dry-run before");
      return runSession(ids, async (session) => {
        const chosen = { ...options, newestOlderThanMs: await ageOf(flags) };
        if (flags.dryRun === true) return await preview(session, ids, chosen);
        const confirm = flags.ask === true ? () => ask(session, ids) : undefined;
        const promoted = await session.run.promote(ids, { ...chosen, confirm });
        session.print(productionJson(promoted), () => "");
        for (const { mirror } of promoted.filter(({ isFirst }) => isFirst))
          session.log.emitRun({
            type: "next-step",
            command: commandLine(session.flags, "client-config", mirror),
          });
        return exitStatus.done;
      });
    });
}

function promoteOptions(
  { snapshot, newestOlderThan, force, reason }: PromoteFlags,
  command: Command,
): PromoteOptions {
  if (snapshot !== undefined && newestOlderThan !== undefined)
    return command.error("error: --snapshot and --newest-older-than exclude each other");
  if (force === undefined) return { snapshot, reason };
  if (reason !== undefined && reason.trim() !== "") return { snapshot, force, reason };
  return command.error("error: --force needs --reason <text>, which the history keeps");
}

async function ageOf({ newestOlderThan: age }: PromoteFlags): Promise<number | undefined> {
  if (age === undefined) return undefined;
  const { parseDuration, readOption } = await import("../../config/index.ts");
  return readOption("--newest-older-than", age, parseDuration);
}

async function preview(
  { run, print }: Session,
  ids: readonly string[],
  options: PromoteOptions,
): Promise<number> {
  const previews = await run.previewPromotion(ids, options);
  const { previewJson, textOfPreview } = await import("./promotion-preview-text.ts");
  print(previewJson(previews), (columns) => previews.map((one) => textOfPreview(one, columns)).join("\n"));
  return previews.every(({ objections }) => objections.length === 0) ? exitStatus.done : exitStatus.refused;
}

/** Everything that speaks for or against it is in the log by then. */
async function ask({ host }: Session, ids: readonly string[]): Promise<boolean> {
  host.stderr.write(`Promote ${ids.join(", ")}? [y/N] `);
  const answer = await host.stdin.readLine(host.signal);
  return /^y(?:es)?$/i.test(answer?.trim() ?? "");
}
