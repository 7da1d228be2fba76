import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { statusFile } from "./clients/test-support.ts";
import { find, type Story, tellStory } from "./test-support.ts";

const running = /Running gate (\w+)/g;

/** Returns the gates that a command runs, by its log. */
async function gatesRunBy(
  { mirrors }: Story,
  args: readonly string[],
  status = 0,
): Promise<readonly string[]> {
  const { log } = await mirrors.run(["--log-level", "debug", ...args], status);
  return [...log.matchAll(running)].map(([, gate = ""]) => gate);
}

const testNew = ["snapshot", "test", "m"];

describe("snapshot test", () => {
  test("prints a table, says what to do, and exits with 3 if a gate fails", async () => {
    const { mirrors } = await tellStory({ min_packages: 3 });
    const { out } = await mirrors.run(testNew, 3);
    expect(out).toMatch(/^GATE +VERDICT +MEASURED +ALLOWED +TIME\n/);
    expect(out).toMatch(/complete +passed +complete +no fault +\d/);
    expect(out).toMatch(/min_packages +FAILED +2 packages +at least 3 +\d/);
    expect(out).toContain("\nmin_packages FAILED: 2 packages, allowed: at least 3\n  See what is gone");
    expect(out).toMatch(/\n1 of 2 gates passed\n$/);
  });

  test("tests the named snapshot", async () => {
    const { test: run } = await tellStory({});
    expect(await run(["old"])).toMatchObject({ snapshot: "old", verdict: "passed" });
  });

  test("writes a line of the history with each verdict", async () => {
    const { mirrors, test: run } = await tellStory({ min_packages: 3 });
    await run();
    const { out } = await mirrors.run(["--json", "history", "--action", "test", "m"]);
    expect(JSON.parse(out)[0]).toMatchObject({
      action: "test",
      to: "new",
      result: "failed",
      detail: "1 of 2 gates passed, min_packages FAILED",
      details: {
        gates: [
          { gate: "complete" },
          { gate: "min_packages", verdict: "failed", measured: 2, allowed: "at least 3" },
        ],
      },
    });
  });

  test("says in the history what it prints at its end", async () => {
    const { mirrors } = await tellStory({ min_validity: "2d" }); // no Release has a Valid-Until
    const { out } = await mirrors.run(testNew);
    const { out: lines } = await mirrors.run(["--json", "history", "--action", "test", "m"]);
    expect(out).toMatch(/\n1 of 2 gates passed, 1 does not apply\n$/);
    expect(JSON.parse(lines)[0]).toMatchObject({ detail: "1 of 2 gates passed, 1 does not apply" });
  });

  test("keeps the limits beside the snapshot", async () => {
    const { mirrors, test: run } = await tellStory({ min_packages: 3 });
    await run();
    const kept = JSON.parse(
      readFileSync(join(mirrors.dir, ".snapshots/m/.tests/new.json"), "utf8"),
    ) as unknown;
    expect(kept).toMatchObject({ results: [{}, { gate: "min_packages", allowed: "at least 3" }] });
  });
});

describe("a result of before", () => {
  test("is valid while nothing has changed, and --again runs the gates anyway", async () => {
    const story = await tellStory({ min_packages: 2 });
    expect(await gatesRunBy(story, testNew)).toEqual(["complete", "min_packages"]);
    const first = await story.test();
    expect(await gatesRunBy(story, testNew)).toEqual([]);
    expect(find((await story.test()).gates, "complete").at).toEqual(find(first.gates, "complete").at);
    expect(await gatesRunBy(story, [...testNew, "--again"])).toEqual(["complete", "min_packages"]);
  });

  test("is valid for an identical snapshot too", async () => {
    const story = await tellStory({});
    await story.test();
    await story.mirrors.run(["snapshot", "create", "m", "same", "--stage"]);
    expect(await gatesRunBy(story, testNew)).toEqual([]);
  });

  test("is not valid any more for a criterion that changed", async () => {
    const story = await tellStory({ min_packages: 2 });
    await story.test();
    story.mirrors.configure({ m: { gates: { min_packages: 1 } } });
    expect(await gatesRunBy(story, testNew)).toEqual(["min_packages"]);
  });

  test("is not valid any more for other keys", async () => {
    const story = await tellStory({});
    await story.test();
    const signedBy = "0123456789ABCDEF0123456789ABCDEF01234567";
    story.mirrors.configure({ m: { signed_by: [signedBy] } });
    expect(await gatesRunBy(story, testNew, 3)).toEqual(["complete"]);
  });

  test.each(["complete", "apt", "profiles"])(
    "of %s is not valid any more if weak digests are allowed",
    async (gate) => {
      const file = "web.status";
      const story = await tellStory({ apt: ["hello"], profiles: [file] });
      writeFileSync(join(dirname(story.mirrors.keyFile), file), statusFile(["hello 1.0-1"]));
      await story.test();
      const { mirrors } = story;
      mirrors.configure({ m: { allow_weak: true, gates: { apt: ["hello"], profiles: [file] } } });
      expect(await gatesRunBy(story, testNew)).toContain(gate);
    },
  );

  test("is not kept if production moved while the gates ran", async () => {
    const story = await tellStory({});
    const links = join(story.mirrors.dir, "m");
    const move = `cd ${links} && ln -s "$(readlink staging)" moved && mv -T moved current`;
    story.mirrors.configure({ m: { gates: { commands: [["sh", "-c", move]] } } });
    await story.test();
    await story.mirrors.run(["snapshot", "publish", "m", "old"]);
    expect(await gatesRunBy(story, testNew)).toEqual(["complete", "commands"]);
  });

  test("is not valid any more after production moved", async () => {
    const story = await tellStory({}, (upstream) => upstream.suite("stable").addPackage("extra", "1"));
    await story.test();
    await story.mirrors.run(["snapshot", "publish", "m", "new"]);
    expect(await gatesRunBy(story, testNew)).toEqual(["complete"]);
  });

  test("is not valid any more if the gate failed", async () => {
    const story = await tellStory({ min_packages: 3 });
    await story.test();
    expect(await gatesRunBy(story, testNew, 3)).toEqual(["min_packages"]);
  });

  test("is as good as lost if it cannot be read", async () => {
    const story = await tellStory({});
    await story.test();
    const path = join(story.mirrors.dir, ".snapshots/m/.tests/new.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"format": 1', '"format": 2'));
    expect(await gatesRunBy(story, testNew)).toEqual(["complete"]);
  });

  test("goes with its snapshot", async () => {
    const { mirrors, test: run } = await tellStory({});
    await run(["old"]);
    await run();
    const tests = join(mirrors.dir, ".snapshots/m/.tests");
    expect(readdirSync(tests)).toEqual(["new.json", "old.json"]);
    await mirrors.run(["snapshot", "delete", "m", "new", "--force"]);
    expect(readdirSync(tests)).toEqual(["old.json"]);
  });
});

describe("status", () => {
  const gates = { min_packages: 2, min_staged: "2d" };

  test("says which gates pass for what is staged, and which were not tested", async () => {
    const { mirrors, test: run } = await tellStory(gates);
    const notTested =
      /\n {2}gates {7}0 of 3 gates passed, 1 not yet\n {14}complete not tested\n {14}min_packages not tested\n {14}min_staged not yet: staged for /;
    expect((await mirrors.run(["status", "m"])).out).toMatch(notTested);
    await run();
    expect((await mirrors.run(["status", "m"])).out).toMatch(
      /\n {2}gates {7}2 of 3 gates passed, 1 not yet\n {14}min_staged not yet: staged for \S+, allowed: at least 2d\n/,
    );
    mirrors.configure({ m: { gates: { ...gates, min_packages: 3 } } });
    const [status] = JSON.parse((await mirrors.run(["--json", "status", "m"])).out) as { gates: unknown }[];
    expect(status?.gates).toMatchObject([
      { gate: "complete", verdict: "passed" },
      { gate: "min_packages", message: "min_packages not tested" },
      { gate: "min_staged", verdict: "not-yet" },
    ]);
  });

  test("needs a person if what is staged fails a gate, and not if it only has to wait", async () => {
    const { mirrors, test: run } = await tellStory(gates);
    await run();
    await mirrors.run(["status", "--check", "m"]);
    mirrors.configure({ m: { gates: { ...gates, min_packages: 3 } } });
    await run();
    expect((await mirrors.run(["status", "--check", "m"], 1)).out).toContain(
      "what is staged fails the gate min_packages\n",
    );
  });

  test("shows no gates if production shows the staged snapshot or none is set", async () => {
    const { mirrors } = await tellStory(gates);
    await mirrors.run(["snapshot", "publish", "m", "new"]);
    expect((await mirrors.run(["status", "m"])).out).not.toContain("gates");
    mirrors.configure({ m: {} });
    await mirrors.run(["snapshot", "publish", "m", "old"]);
    expect((await mirrors.run(["status", "m"])).out).not.toContain("gates");
  });
});

describe("promote", () => {
  test("refuses what fails a gate, and production stays", async () => {
    const { mirrors } = await tellStory({ min_packages: 3 });
    const { log } = await mirrors.run(["snapshot", "promote", "m"], 3);
    expect(log).toContain("m: new fails the gate min_packages: 2 packages, allowed: at least 3");
    expect((await mirrors.run(["snapshot", "list", "m"])).out).toMatch(/old .*production/);
  });

  test("uses the result of a test that is still valid", async () => {
    const story = await tellStory({ min_packages: 2 });
    await story.test();
    expect(await gatesRunBy(story, ["snapshot", "promote", "m"])).toEqual([]);
  });

  test("records with --force which gates it overrode", async () => {
    const { mirrors } = await tellStory({ min_packages: 3 });
    await mirrors.run(["snapshot", "promote", "m", "--force", "--reason", "the archive shrank"]);
    const { out } = await mirrors.run(["--json", "history", "--action", "promote", "m"]);
    expect(JSON.parse(out)[0]).toMatchObject({
      result: "done",
      to: "new",
      reason: "the archive shrank",
      detail: expect.stringContaining("min_packages"),
    });
  });

  test("can be forced if production leads to a snapshot that is gone", async () => {
    const { mirrors, test: run } = await tellStory({ max_downgrades: 0 });
    rmSync(join(mirrors.dir, ".snapshots/m/old"), { recursive: true });
    const gate = find((await run()).gates, "max_downgrades");
    expect(gate).toMatchObject({ verdict: "failed", text: { measured: "not measured" } });
    expect(gate.details[0]?.message).toContain("old");
    await mirrors.run(["snapshot", "promote", "m"], 3);
    await mirrors.run(["snapshot", "promote", "m", "--force", "--reason", "old is gone"]);
    expect((await mirrors.run(["snapshot", "list", "m"])).out).toMatch(/new .*production/);
  });

  test("bypasses the gates with publish, and the history says so", async () => {
    const { mirrors } = await tellStory({ min_packages: 3 });
    const { log } = await mirrors.run(["snapshot", "publish", "m", "new"]);
    expect(log).toContain("staging and gates are bypassed");
    const { out } = await mirrors.run(["--json", "history", "--action", "publish", "m"]);
    expect(JSON.parse(out)[0]).toMatchObject({ detail: "staging and gates bypassed" });
  });
});
