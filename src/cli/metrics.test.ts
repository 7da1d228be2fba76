import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runCommand } from "../../test/support/run-command.ts";
import { configText, openSite, suiteFiles } from "../operations/test-support.ts";

/** Makes a mirror with a working tree, and metrics in text/mirrorctl.prom. */
async function openWatched() {
  const site = await openSite();
  await site.addTree("noble", suiteFiles("noble", "2026-05-01T00:00:00Z", "2026-05-08T00:00:00Z"));
  const file = site.directory.join("text/mirrorctl.prom");
  const config = site.directory.join("mirror.toml");
  writeFileSync(config, `${configText(site.directory.join("www"))}\n[metrics]\ntextfile = "${file}"\n`);
  mkdirSync(site.directory.join("text"));
  return { site, file, run: (...args: readonly string[]) => runCommand(["--config", config, ...args]) };
}

test("a command that changes something writes the metrics, for everybody to read", async () => {
  const { site, file, run } = await openWatched();
  expect(await run("snapshot", "create", "noble", "one")).toMatchObject({
    status: 0,
    stderr: expect.not.stringContaining("WARN"),
  });
  expect(readFileSync(file, "utf8")).toContain('mirrorctl_snapshots{mirror="noble"} 1\n');
  await run("snapshot", "stage", "noble", "one");
  const text = readFileSync(file, "utf8");
  expect(text).toContain('mirrorctl_stage_info{mirror="noble",stage="staging",snapshot="one"} 1\n');
  expect(text).toMatch(/^mirrorctl_stage_changed_timestamp_seconds\{mirror="noble",stage="staging"\} \d+/m);
  expect(text).toContain(
    'mirrorctl_release_valid_until_timestamp_seconds{mirror="noble",stage="staging",suite="noble"} 1778198400\n',
  );
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(readdirSync(site.directory.join("text"))).toEqual(["mirrorctl.prom"]);
  expect((await run("metrics")).stdout).toContain('mirrorctl_snapshots{mirror="noble"} 1\n');
});

test("a command that only reads does not write them", async () => {
  const { site, run } = await openWatched();
  for (const args of [["status"], ["snapshot", "list"], ["metrics"]]) await run(...args);
  expect(readdirSync(site.directory.join("text"))).toEqual([]);
});

test("metrics that cannot be written are a warning, and what the command did is done", async () => {
  const { site, file, run } = await openWatched();
  rmSync(site.directory.join("text"), { recursive: true });
  const { status, stderr } = await run("snapshot", "create", "noble", "one");
  expect(status).toBe(0);
  expect(stderr).toContain(`WARN  the metrics could not be written to ${file}: `);
  expect((await run("snapshot", "list")).stdout).toContain("one");
});

test("a command that fails writes them too", async () => {
  const { file, run } = await openWatched();
  expect(await run("snapshot", "stage", "noble", "absent")).toMatchObject({ status: 1 });
  expect(readFileSync(file, "utf8")).toContain("mirrorctl_build_info");
});
