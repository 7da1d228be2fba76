import { rmSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run, siteWithFile } from "./test-support.ts";

describe("commands that read", () => {
  test("list what there is as a table, or as JSON", async () => {
    const { on } = await siteWithFile();
    const table = await on("snapshot", "list");
    expect(table).toMatchObject({ status: 0, stderr: "" });
    expect(table.stdout.split("\n")).toEqual([
      "MIRROR  SNAPSHOT NAME  CREATED                  SIZE   STATUS",
      expect.stringMatching(/^noble {3}old {12}2026-05-04 03:02:01 UTC {2}\d+ B {2}production$/),
      expect.stringMatching(/^noble {3}new {12}2026-05-04 03:02:01 UTC {2}\d+ B$/),
      "",
    ]);
    expect((await on("snapshot", "list", "--detailed")).stdout).toContain("UNIQUE");
    const json = JSON.parse((await on("snapshot", "list", "--json")).stdout);
    expect(json).toMatchObject([
      { mirror: "noble", name: "old", createdAt: "2026-05-04T03:02:01.000Z", status: ["production"] },
      { mirror: "noble", name: "new", status: [] },
    ]);
  });

  test("fit their tables into a terminal, and hide nothing from a pipe", async () => {
    const { on, path } = await siteWithFile();
    await on(
      "snapshot",
      "publish",
      "noble",
      "new",
      "--reason",
      "why this had to be done at night ".repeat(3),
    );
    for (const command of [
      ["history"],
      ["snapshot", "list", "--detailed"],
      ["snapshot", "verify", "noble"],
    ]) {
      const complete = (await on(...command)).stdout;
      for (const columns of [80, 60]) {
        const { stdout } = await run(["--config", path, ...command], { isTerminal: true, columns });
        for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
        expect(stdout.split("\n")).toHaveLength(complete.split("\n").length);
      }
    }
    expect((await on("history")).stdout).toMatch(/^WHEN \(UTC\) .*(?:done at night.*){3}$/ms);
  });

  test("fold unchanged syncs in the text of the history, and list all in JSON", async () => {
    const { on, noble } = await siteWithFile();
    for (let hour = 0; hour < 24; hour++) await noble.record({ action: "sync", result: "unchanged" });
    const { stdout } = await on("history", "--action", "sync", "--since", "1000d");
    expect(stdout).toMatch(/^\S+ \S+ +ada +noble +sync \(24\) +unchanged +- +- +since \S+ \S+$/m);
    expect(stdout).not.toContain("lines shown");
    const json = await on("history", "--action", "sync", "--json");
    expect(JSON.parse(json.stdout)).toHaveLength(24);
    expect((await on("history", "--since", "2000-01-01", "--production")).stdout).toContain("publish");
    expect((await on("history", "--since", "2099-01-01")).stdout).toBe("The history has no such line.\n");
    for (const [option, value] of [
      ["--action", "sink"],
      ["--since", "soon"],
    ] as const) {
      const { status, stderr } = await on("history", option, value);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`found "${value}"`) });
    }
  });

  test("say of each snapshot why it stays or goes", async () => {
    const { on } = await siteWithFile();
    const { stdout } = await on("snapshot", "prune", "noble", "--keep-last", "0", "--dry-run");
    expect(stdout).toMatch(/old +keep +in production/);
    expect(stdout).toMatch(/new +delete +no rule keeps it/);
    expect((await on("snapshot", "prune", "--keep-within", "soon")).status).toBe(2);
  });

  test("let monitoring know when something needs a person", async () => {
    const { on } = await siteWithFile();
    const { status, stdout } = await on("status", "--check");
    expect(status).toBe(1);
    expect(stdout).toContain("attention   never synced");
    expect(stdout).toMatch(
      /^MIRRORCTL WARNING - jammy: never synced, and 1 more \| concerns=2;0 free=\d+B\nnoble\n {2}last sync/,
    );
    const plain = await on("status");
    expect(plain.status).toBe(0);
    expect(plain.stdout).not.toContain("MIRRORCTL");
  });

  test("say to a user who may not read the history what else there is; a check alarms", async () => {
    const { on, noble } = await siteWithFile();
    rmSync(noble.layout.history);
    symlinkSync("/nonexistent/history.db", noble.layout.history); // which SQLite cannot open either
    expect((await on("status", "noble")).status).toBe(0);
    const { status, stdout } = await on("status", "noble", "--check");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^MIRRORCTL WARNING - noble: this user cannot read the history/);
    expect(stdout).toContain("last sync   unknown (history not readable by this user): unable to open");
    expect(stdout).toContain("production  old");
  });
});
