import { resolve } from "node:path";
import type { Command } from "commander";
import type { DryRunOutcome } from "../../operations/dry-run/index.ts";
import type { SyncOptions, SyncOutcome } from "../../operations/sync/index.ts";
import { exitStatus, Interrupted, statusOfFailures } from "../../report/errors.ts";
import { dryRunJson, syncJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";
import type { GlobalFlags } from "../flags.ts";
import { commandLine } from "../next-step.ts";
import type { Session } from "../session.ts";
import { estimateTable, outcomeTable, summaryOf } from "./sync-tables.ts";

interface SyncFlags {
  readonly dryRun?: true;
  readonly force?: true;
  readonly ifIdle?: true;
  readonly pgpCheck?: boolean;
  readonly files?: readonly string[];
  readonly link?: true;
  readonly from?: string;
}

export function defineSync(command: Command, { runSession }: CommandHost): void {
  command
    .argument("[id...]", "mirrors of the configuration")
    .option("--dry-run", "report what a sync would download and whether it fits; change nothing below `dir`")
    .option("--no-pgp-check", "do not check signatures")
    .option("--force", "overwrite a snapshot of the same name, unless it is or was in production")
    .option(
      "--from <dir>",
      "for one mirror: read a copy of the upstream in this directory, such as an export on a disk, and ask no server",
    )
    .option("--if-idle", "succeed if another run works on a mirror already, as a timer wants it")
    .option(
      "--files <dir...>",
      "use files that are in these directories already, such as those of another mirror tool, in place of downloads",
    )
    .option(
      "--link",
      "with --files: hard links in place of copies; no other program may write to those files any longer",
    )
    .action((ids: readonly string[], flags: SyncFlags) => {
      if (flags.link === true && flags.files === undefined)
        return command.error("error: --link needs --files <dir...>, which says where the files are");
      return runSession(ids, async (session) => {
        const options = {
          force: flags.force === true,
          ifIdle: flags.ifIdle === true,
          noPgpCheck: flags.pgpCheck === false,
          found: flags.files && {
            directories: flags.files.map((path) => resolve(path)),
            link: flags.link === true,
          },
          from: flags.from === undefined ? undefined : resolve(flags.from),
        };
        if (options.from !== undefined && ids.length !== 1)
          return command.error("error: --from needs the id of one mirror: a directory has one upstream");
        return flags.dryRun === true ? dryRun(session, ids, options) : sync(session, ids, options);
      });
    });
}

async function sync(session: Session, ids: readonly string[], options: SyncOptions): Promise<number> {
  const startedAt = session.host.now();
  const outcomes = await session.run.sync(ids, options);
  const isFailure = ({ kind }: SyncOutcome): boolean => kind !== "locked" || options.ifIdle !== true;
  const errors = tellInterruption(session, outcomes.filter(isFailure));
  const elapsedMs = session.host.now().getTime() - startedAt.getTime();
  session.log.emitRun({ ...summaryOf(outcomes, elapsedMs), from: options.from });
  if (session.flags.json) session.print(syncJson(outcomes), () => "");
  else if (outcomes.length > 1 && !session.flags.quiet)
    session.print(undefined, (columns) => outcomeTable(outcomes, columns));
  // After a failure, that comes first.
  for (const command of errors.length === 0 ? nextSteps(session.flags, outcomes) : [])
    session.log.emitRun({ type: "next-step", command });
  return statusOfFailures(errors);
}

/** Until clients see something, each sync with something new says how they will. */
function nextSteps(flags: GlobalFlags, outcomes: readonly SyncOutcome[]): readonly string[] {
  const synced = outcomes
    .filter((outcome) => outcome.kind === "synced")
    .filter(({ unchanged }) => !unchanged);
  const waiting = synced.filter(({ production }) => production === "none");
  const staged = waiting.filter((outcome) => outcome.staged).map(({ mirror }) => mirror);
  return [
    ...waiting.flatMap(({ mirror, snapshot, staged: isStaged }) =>
      snapshot === undefined || isStaged ? [] : [commandLine(flags, "snapshot", "stage", mirror, snapshot)],
    ),
    ...(staged.length === 0 ? [] : [commandLine(flags, "snapshot", "promote", ...staged)]),
    ...synced
      .filter(({ production }) => production === "begun")
      .map(({ mirror }) => commandLine(flags, "client-config", mirror)),
  ];
}

async function dryRun(session: Session, ids: readonly string[], options: SyncOptions): Promise<number> {
  const { outcomes, fits } = await session.run.dryRun(ids, options);
  const errors = tellInterruption(session, outcomes);
  session.print(dryRunJson(outcomes), (columns) => estimateTable(outcomes, columns));
  return errors.length === 0 && !fits ? exitStatus.failed : statusOfFailures(errors);
}

/** Returns all errors. Logs an interruption once for all mirrors. */
function tellInterruption(
  session: Session,
  outcomes: readonly (SyncOutcome | DryRunOutcome)[],
): readonly unknown[] {
  const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
  const interruption = errors.find((error) => error instanceof Interrupted);
  if (interruption !== undefined) session.log.error(interruption);
  return errors;
}
