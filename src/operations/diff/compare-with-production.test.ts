import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { StatusAnswer } from "../../report/json/schemas/status.ts";
import { type Mirrors, openMirrors, packages } from "../verify/test-support.ts";

const entry = (version: string, text: string) =>
  `hello (${version}) stable; urgency=high\n\n  * ${text}\n\n -- Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000\n\n`;

/** Has "one" in production. Upstream has a newer hello with a fix, and no tool. */
async function openFixed(settings: Readonly<Record<string, unknown>> = {}): Promise<Mirrors> {
  const mirrors = await openMirrors();
  mirrors.configure({ m: settings }, { snapshot: {} });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  await mirrors.run(["snapshot", "publish", "m", "one"]);
  const text = entry("1.1-1", "Fix CVE-2026-12345.") + entry("1.0-1", "First.");
  const files = { "usr/share/doc/hello/changelog.Debian": text };
  mirrors.upstream
    .suite("stable")
    .removePackage("tool")
    .removePackage("hello")
    .addPackage("hello", "1.1-1", { files });
  await mirrors.upstream.publish();
  return mirrors;
}

const compared = {
  kind: "compared",
  counts: { upgraded: 1, removed: 1, added: 0 },
  removed: ["tool 2.0-1"],
  urgency: "high",
  cves: ["CVE-2026-12345"],
};

async function comparisons(mirrors: Mirrors): Promise<readonly unknown[]> {
  const { history } = await mirrors.context("m");
  return await history.list({ actions: ["compare"] });
}

test.each([
  ["a sync that stages", { publish_to_staging: true }, [["sync"]]],
  ["snapshot create --stage", {}, [["sync"], ["snapshot", "create", "m", "two", "--stage"]]],
  ["snapshot stage", {}, [["sync"], ["snapshot", "create", "m", "two"], ["snapshot", "stage", "m", "two"]]],
])(
  "after %s, the history and status know what a promotion would change",
  async (_what, settings, commands) => {
    const mirrors = await openFixed(settings);
    for (const command of commands) await mirrors.run(command);
    expect(await comparisons(mirrors)).toMatchObject([{ from: "one", details: compared }]);
    const [status] = JSON.parse((await mirrors.run(["--json", "status"])).out) as StatusAnswer;
    expect(status).toMatchObject({ changes: compared });
    const { out } = await mirrors.run(["status"]);
    expect(out).toContain("+0 -1 ^1 v0 =0; production lacks 1 known fix\n");
  },
);

test("the history says when a fix reached staging and production", async () => {
  const mirrors = await openFixed();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two", "--stage"]);
  await mirrors.run(["snapshot", "promote", "m"]);
  await mirrors.run(["snapshot", "rollback", "m"]);
  const ask = async (cve: string) =>
    (JSON.parse((await mirrors.run(["--json", "history", "--cve", cve])).out) as { action: string }[]).map(
      ({ action }) => action,
    );
  expect(await ask("cve-2026-12345")).toEqual(["rollback", "promote", "stage"]);
  expect(await ask("CVE-2026-99999")).toEqual([]);
  expect((await mirrors.run(["history", "--cve", "12345"], 2)).log).toContain('--cve: found "12345"');
  expect((await mirrors.run(["history", "--action", "compare"])).out).toContain(
    "+0 -1 ^1 v0 =0, 1 CVE in 1 changelog, urgency high",
  );
});

test("what the history knows is not compared again", async () => {
  const mirrors = await openFixed();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two", "--stage"]);
  await mirrors.run(["snapshot", "stage", "m", "two"]);
  expect(await comparisons(mirrors)).toHaveLength(1);
});

test("a comparison that fails is a warning", async () => {
  const mirrors = await openFixed();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two"]);
  for (const form of [packages, packages.replace(".xz", ".gz")])
    rmSync(mirrors.file(form, "one"), { force: true });
  rmSync(mirrors.file("dists/stable/main/binary-amd64/by-hash", "one"), { recursive: true });
  const { log } = await mirrors.run(["snapshot", "stage", "m", "two"]);
  expect(log).toContain("WARN  m: what two changes is not known: one of m lacks main/binary-amd64/Packages");
  expect(await comparisons(mirrors)).toEqual([]);
});

test("nothing is compared if production shows nothing, or the snapshot itself", async () => {
  const mirrors = await openFixed({ publish_to_staging: true });
  await mirrors.run(["snapshot", "stage", "m", "one"]);
  const { publisher } = await mirrors.context("m");
  await publisher.hide("production");
  await mirrors.run(["sync"]);
  expect(await comparisons(mirrors)).toEqual([]);
});
