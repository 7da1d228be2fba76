import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { runCommand } from "../../test/support/run-command.ts";
import { createSnapshot } from "../operations/snapshots/create-snapshot.ts";
import { configText, openSite, suiteFiles } from "../operations/test-support.ts";

test("a history of a newer version is read, not written, and named by every command", async () => {
  const site = await openSite();
  const noble = site.mirror("noble");
  await site.addTree("noble", suiteFiles("noble", "2026-05-01T00:00:00Z"));
  await createSnapshot(noble, { name: "one", stage: false, force: false });
  const path = site.directory.join("mirror.toml");
  writeFileSync(path, configText(site.directory.join("www")));
  const run = (...args: readonly string[]) => runCommand(["--config", path, ...args], { columns: 200 });
  using database = new DatabaseSync(noble.layout.history);
  database.exec("PRAGMA user_version = 99");

  const staged = await run("snapshot", "stage", "noble", "one");
  expect(staged.status).toBe(0);
  expect(staged.stderr).toContain(
    `WARN  the history could not be written: the history ${noble.layout.history} has version 99, and this mirrorctl knows versions up to 1`,
  );
  expect(staged.stderr).toContain("      Run the newer mirrorctl that wrote it.");

  const history = await run("history");
  expect(history.stdout).toMatch(/create +done/);
  expect(history.stdout).not.toContain("stage");
  expect(history.stderr).toMatch(/^WARN {2}a newer mirrorctl wrote the history .* it has version 99/);

  const status = await run("status", "noble", "--check");
  expect(status.status).toBe(1);
  expect(status.stdout).toContain("attention   a newer mirrorctl wrote the history");
});
