import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../../../test/support/digests.ts";
import type { FakeUpstream } from "../../../../test/support/index.ts";
import { find, type Story, tellStory } from "../test-support.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const addExtra = (upstream: FakeUpstream): unknown => upstream.suite("stable").addPackage("extra", "1");

const upgradeTool = (upstream: FakeUpstream, changelog?: string): unknown =>
  upstream
    .suite("stable")
    .removePackage("tool")
    .addPackage("tool", "3.0-1", changelog === undefined ? {} : { files: { [doc]: changelog } });

const doc = "usr/share/doc/tool/changelog.Debian";
const entry = (version: string, body: string): string =>
  `tool (${version}) stable; urgency=high\n\n  * ${body}\n\n -- A <a@example.org>  Wed, 01 Jan 2020 00:00:00 +0000\n\n`;

const gateOf = async (story: Story) => find((await story.test()).gates, "min_package_age");

/** Adds a line to the record: the mirror had these bytes of upstream at that time. */
function record({ mirrors }: Story, path: string, at: Date): void {
  const digest = digestOf(readFileSync(mirrors.upstream.path(path)), "SHA256");
  const file = join(mirrors.dir, ".mirrorctl/state/m.first-seen");
  const others = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => !line.endsWith(digest));
  writeFileSync(file, others.join("\n"));
  appendFileSync(file, `\n${at.toISOString()} ${digest}\n`);
}

const extraDeb = "pool/main/e/extra/extra_1_amd64.deb";

describe("min_package_age", () => {
  test("names the youngest package and when the snapshot may pass, and passes then", async () => {
    const story = await tellStory({ min_package_age: "7d" }, (upstream) => {
      addExtra(upstream);
      upgradeTool(upstream);
    });
    const { mirrors } = story;
    const seenAt = new Date(Date.now() - 2 * dayMs);
    record(story, extraDeb, seenAt);
    const gate = await gateOf(story);
    expect(gate).toMatchObject({
      verdict: "not-yet",
      measured: 2,
      text: { measured: "2 packages too young", allowed: "at least 7d old" },
      details: [
        { fact: { kind: "too-young", name: "tool", version: "3.0-1" } },
        { fact: { name: "extra", source: "extra" } },
      ],
    });
    expect(gate.details[1]?.message).toMatch(
      /^extra 1 \(amd64\) was first seen on .* UTC: old enough from .* UTC on$/,
    );
    expect(new Date(gate.until ?? 0).getTime() - Date.now()).toBeGreaterThan(6.9 * dayMs);
    expect(gate.text.todo[1]).toBe(
      "Promote what is old enough: mirrorctl snapshot promote m --newest-older-than 7d",
    );
    const { log } = await mirrors.run(["snapshot", "promote", "m"], 3);
    expect(log).toContain("new does not pass the gate min_package_age yet: 2 packages too young");
    mirrors.aheadMs = 7 * dayMs + 60_000;
    expect(await gateOf(story)).toMatchObject({ verdict: "passed", text: { measured: "none is younger" } });
    await mirrors.run(["snapshot", "promote", "m"]);
  });

  test("does not count what production has", async () => {
    expect(await gateOf(await tellStory({ min_package_age: "7d" }))).toMatchObject({ verdict: "passed" });
  });

  test("does not apply as long as nothing is in production", async () => {
    const story = await tellStory({ min_package_age: "7d" }, addExtra);
    const { publisher } = await story.mirrors.context("m");
    await publisher.hide("production");
    expect(await gateOf(story)).toMatchObject({ verdict: "not-applicable" });
  });

  test.each([
    ["a source", ["source:ext*"], { verdict: "passed" }],
    ["another source", ["source:ext"], { verdict: "not-yet" }],
    ["this mirror", ["mirror:?"], { verdict: "not-applicable", text: { measured: "exempt in this mirror" } }],
    ["another mirror", ["mirror:*-security"], { verdict: "not-yet" }],
  ])("exempts %s", async (_what, exempt, expected) => {
    expect(await gateOf(await tellStory({ min_package_age: "7d", exempt }, addExtra))).toMatchObject(
      expected,
    );
  });

  test("exempts what fixes a CVE since the version in production, and nothing else", async () => {
    const old = entry("2.0-1", "Fix CVE-2026-0001.");
    const gates = { min_package_age: "7d", exempt: ["fixes:cve"] };
    const fixing = await tellStory(gates, (upstream) =>
      upgradeTool(upstream, entry("3.0-1", "Fix CVE-2026-84782.") + old),
    );
    expect(await gateOf(fixing)).toMatchObject({ verdict: "passed" });
    const other = await tellStory(gates, (upstream) =>
      upgradeTool(upstream, entry("3.0-1", "New upstream release.") + old),
    );
    expect(await gateOf(other)).toMatchObject({ verdict: "not-yet", details: [{ fact: { name: "tool" } }] });
  });

  test("counts other bytes at the same version as new", async () => {
    const story = await tellStory({ min_package_age: "7d" }, (upstream) =>
      upstream
        .suite("stable")
        .removePackage("tool")
        .addPackage("tool", "2.0-1", { files: { a: "b" } }),
    );
    expect(await gateOf(story)).toMatchObject({ verdict: "not-yet", details: [{ fact: { name: "tool" } }] });
  });

  test("takes the snapshot for as old as its sync where the record is lost", async () => {
    const story = await tellStory({ min_package_age: "7d" }, addExtra);
    writeFileSync(join(story.mirrors.dir, ".mirrorctl/state/m.first-seen"), "");
    story.mirrors.aheadMs = 6 * dayMs;
    expect(await gateOf(story)).toMatchObject({ verdict: "not-yet", measured: 1 });
    story.mirrors.aheadMs = 8 * dayMs;
    expect(await gateOf(story)).toMatchObject({ verdict: "passed" });
  });

  test("says so if a package was first seen in the future", async () => {
    const story = await tellStory({ min_package_age: "1d" }, addExtra);
    record(story, extraDeb, new Date(Date.now() + 40 * dayMs));
    const [detail] = (await gateOf(story)).details;
    expect(detail?.message).toContain("in the future: the clock of this machine is wrong, or was");
  });
});
