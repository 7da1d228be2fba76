/** Command lines in this process at a fixed time. Only tests import this. */
import { writeFileSync } from "node:fs";
import { type CommandOutcome, type CommandSettings, runCommand } from "../../test/support/run-command.ts";
import { publishSnapshot } from "../operations/production/publish-snapshot.ts";
import { createSnapshot } from "../operations/snapshots/create-snapshot.ts";
import { configText, openSite, suiteFiles } from "../operations/test-support.ts";

/** Runs a command line at a fixed time. */
export const run = (argv: readonly string[], settings: CommandSettings = {}): Promise<CommandOutcome> =>
  runCommand(argv, { columns: 100, now: () => new Date("2026-05-04T03:02:01Z"), ...settings });

/** A site with "old" and "new", of which "old" is in production, and the configuration file that names it. */
export async function siteWithFile(extra = "") {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [name, date] of [
    ["old", "2026-05-01T00:00:00Z"],
    ["new", "2026-05-02T00:00:00Z"],
  ] as const) {
    await site.addTree("noble", suiteFiles("noble", date));
    await createSnapshot(noble, { name, stage: false, force: false });
  }
  await publishSnapshot(noble, "old", undefined);
  const path = site.directory.join("mirror.toml");
  writeFileSync(path, `${configText(site.directory.join("www"), "", { unsigned: true })}${extra}`);
  const on = (...argv: readonly string[]): Promise<CommandOutcome> => run(["--config", path, ...argv]);
  return { site, noble, path, on };
}
