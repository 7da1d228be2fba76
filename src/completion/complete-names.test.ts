import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/temporary-directory.ts";
import { completeNames } from "./complete-names.ts";

const snapshots = {
  noble: ["2026-05-04", "2026-05-04-2", "2026-05-04-10", "tested"],
  jammy: ["2026-05-04", "tested"],
};

/** Makes directories of snapshots below `dir` and nothing else of a mirror. */
async function createSite() {
  const site = await temporaryDirectory();
  onTestFinished(() => site[Symbol.asyncDispose]());
  const mirrors = Object.keys(snapshots).map(
    (id) =>
      `[mirrors.${id}]\nurl = "http://127.0.0.1/"\nsuites = ["x"]\nsections = ["main"]\narchitectures = ["amd64"]\n`,
  );
  const config = site.join("mirror.toml");
  writeFileSync(config, `dir = "${site.join("www")}"\n${mirrors.join("")}`);
  for (const [id, names] of Object.entries(snapshots)) {
    for (const name of [...names, ".meta", ".x.draft", "x~replacing", "a blank"])
      mkdirSync(site.join("www/.snapshots", id, name), { recursive: true });
    writeFileSync(site.join("www/.snapshots", id, "file"), "");
  }
  const host = { env: {}, homeDir: site.path };
  return { site, config, host, complete: (...argv: readonly string[]) => completeNames(argv, host) };
}

describe("a completion", () => {
  test("lists the mirrors that the line does not have yet", async () => {
    const { complete, config } = await createSite();
    expect(complete("mirrors", config)).toEqual(["noble", "jammy"]);
    expect(complete("mirrors", config, "noble")).toEqual(["jammy"]);
  });

  test("lists snapshots, the newest first, and no drafts", async () => {
    const { complete, config } = await createSite();
    expect(complete("snapshots", config, "noble")).toEqual([
      "tested",
      "2026-05-04-10",
      "2026-05-04-2",
      "2026-05-04",
    ]);
  });

  test("lists the snapshots that all mirrors of the line have", async () => {
    const { complete, config } = await createSite();
    expect(complete("snapshots", config, "noble", "jammy")).toEqual(["tested", "2026-05-04"]);
    expect(complete("snapshots", config)).toHaveLength(4);
    expect(complete("snapshots", config, "unknown")).toEqual([]);
  });

  test("lists the other trees before snapshots", async () => {
    const { complete, config } = await createSite();
    expect(complete("trees", config, "jammy")).toEqual([
      "production",
      "staging",
      "working",
      "tested",
      "2026-05-04",
    ]);
  });

  test("reads the file of the line, or else that of the environment", async () => {
    const { site, config, host } = await createSite();
    const env = { MIRRORCTL_CONFIG: config };
    expect(completeNames(["mirrors", ""], { ...host, env })).toEqual(["noble", "jammy"]);
    expect(completeNames(["mirrors", site.join("absent")], { ...host, env })).toEqual([]);
    expect(completeNames(["mirrors", "~/mirror.toml"], host)).toEqual(["noble", "jammy"]);
  });

  test("follows a variable that names another `dir`", async () => {
    const { site, config, host } = await createSite();
    const env = { MIRRORCTL_DIR: site.join("elsewhere") };
    expect(completeNames(["snapshots", config, "noble"], { ...host, env })).toEqual([]);
  });

  test.each([
    ["is not TOML", "["],
    ["has an unknown key", "nonsense = 1\n"],
    ["has no mirrors", 'dir = "/srv"\n'],
  ])("lists nothing if the configuration %s", async (_what, text) => {
    const { complete, config } = await createSite();
    writeFileSync(config, text);
    expect(complete("mirrors", config)).toEqual([]);
    expect(complete("snapshots", config, "noble")).toEqual([]);
  });
});
