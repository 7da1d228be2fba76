import type { Command } from "commander";
import type { SyncOptions } from "../../operations/sync/index.ts";
import { exitStatus, statusOfFailures } from "../../report/errors.ts";
import { dryRunJson, syncJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";
import { addDirectory, parseDirectory } from "../path-arguments.ts";
import type { Session } from "../session.ts";
import { runSync, tellInterruption } from "./run-sync.ts";
import { estimateTable } from "./sync-tables.ts";

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
      parseDirectory,
    )
    .option("--if-idle", "succeed if another run works on a mirror already, as a timer wants it")
    .option(
      "--files <dir...>",
      "use files that are in these directories already, such as those of another mirror tool, in place of downloads",
      addDirectory,
    )
    .option(
      "--link",
      "with --files: hard links in place of copies; no other program may write to those files any longer",
    )
    .action((ids: readonly string[], flags: SyncFlags) => {
      if (flags.link === true && flags.files === undefined)
        return command.error("error: --link needs --files <dir...>, which says where the files are");
      if (flags.from !== undefined && ids.length !== 1)
        return command.error("error: --from needs the id of one mirror: a directory has one upstream");
      return runSession(ids, async (session) => {
        const options = {
          force: flags.force === true,
          ifIdle: flags.ifIdle === true,
          noPgpCheck: flags.pgpCheck === false,
          found: flags.files && { directories: flags.files, link: flags.link === true },
          from: flags.from,
        };
        if (flags.dryRun === true) return dryRun(session, ids, options);
        const { outcomes, status } = await runSync(session, ids, options);
        if (session.flags.json) session.print(syncJson(outcomes), () => "");
        return status;
      });
    });
}

async function dryRun(session: Session, ids: readonly string[], options: SyncOptions): Promise<number> {
  const { outcomes, fits } = await session.run.dryRun(ids, options);
  const errors = tellInterruption(session, outcomes);
  session.print(dryRunJson(outcomes), (columns) => estimateTable(outcomes, columns));
  return errors.length === 0 && !fits ? exitStatus.failed : statusOfFailures(errors);
}
