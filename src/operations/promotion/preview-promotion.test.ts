import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "../../../test/support/index.ts";
import { runCommand } from "../../../test/support/run-command.ts";
import type { PromotePreviewAnswer } from "../../report/json/schemas/promote-preview.ts";
import { type Mirrors, openMirrors, stateOf } from "../verify/test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";

const entry = (version: string, text: string) =>
  `hello (${version}) stable; urgency=high\n\n  * ${text}\n\n -- Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000\n\n`;

/** Has "one" in production and a newer "two" in staging, with a fix and without a tool. */
async function openStaged(gates: Readonly<Record<string, unknown>> = {}): Promise<Mirrors> {
  const mirrors = await openMirrors();
  mirrors.configure({ m: { gates } }, { snapshot: {} });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  await mirrors.run(["snapshot", "publish", "m", "one"]);
  const files = { "usr/share/doc/hello/changelog.Debian": entry("1.1-1", "Fix CVE-2026-12345.") };
  const stable = mirrors.upstream.suite("stable").removePackage("tool").removePackage("hello");
  stable.addPackage("hello", "1.1-1", { files });
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two", "--stage"]);
  return mirrors;
}

const shownIn = async (mirrors: Mirrors) => (await mirrors.context("m")).publisher.read("production");
const linesOf = async (mirrors: Mirrors) => (await (await mirrors.context("m")).history.list({})).length;

describe("promote --dry-run", () => {
  test("says what would change, with the gates, and changes nothing", async () => {
    const mirrors = await openStaged({
      min_packages: 1,
      no_new_uninstallable: true,
      installable: ["hello"],
      min_package_age: "1h",
      exempt: ["fixes:cve"],
    });
    const [before, lines] = [await stateOf(mirrors.dir), await linesOf(mirrors)];
    rmSync(join(mirrors.dir, ".mirrorctl/state/changelogs"), { recursive: true });
    const files = await listFiles(mirrors.dir);
    const { out } = await mirrors.run(["snapshot", "promote", "m", "--dry-run"]);
    expect(out).toMatch(/^m: one -> two would be promoted\n {2}\+0 -1 \^1 v0 =0 \(added, removed, /);
    expect(out).toContain("  fixes, as its changelogs say: CVE-2026-12345\n");
    expect(out).toContain("  removes tool 2.0-1\n");
    expect(out).toMatch(/^min_packages +passed/m);
    expect(await stateOf(mirrors.dir)).toEqual(before);
    expect(await listFiles(mirrors.dir)).toEqual(files);
    expect(await linesOf(mirrors)).toBe(lines);
    expect(await shownIn(mirrors)).toEqual({ kind: "snapshot", name: "one" });
  });

  test("exits with status 3 and the reasons if it would be refused", async () => {
    const mirrors = await openStaged({ min_packages: 9 });
    const { out } = await mirrors.run(["snapshot", "promote", "m", "--dry-run"], 3);
    expect(out).toContain("m: one -> two would be refused\n");
    expect(out).toContain("\n  refused: it fails the gate min_packages: ");
    const json = await mirrors.run(["--json", "snapshot", "promote", "m", "--dry-run"], 3);
    expect(JSON.parse(json.out) as PromotePreviewAnswer).toMatchObject([
      {
        mirror: "m",
        snapshot: "two",
        production: "one",
        unchanged: false,
        changes: { cves: ["CVE-2026-12345"] },
        test: { verdict: "failed" },
        refused: [expect.stringContaining("min_packages")],
      },
    ]);
  });

  test("needs no gates to know what was rolled back", async () => {
    const mirrors = await openStaged();
    await mirrors.run(["snapshot", "promote", "m"]);
    await mirrors.run(["snapshot", "rollback", "m", "--reason", "broken"]);
    const { out } = await mirrors.run(["snapshot", "promote", "m", "--dry-run"], 3);
    expect(out).toMatch(/refused: it was rolled back on .*: broken/);
    expect(out).not.toContain("GATE");
  });

  test("says that nothing would change", async () => {
    const mirrors = await openStaged();
    await mirrors.run(["snapshot", "promote", "m"]);
    const { out } = await mirrors.run(["snapshot", "promote", "m", "--dry-run"]);
    expect(out).toBe("m: two is in production already: nothing would change\n");
  });

  test("takes no lock", async () => {
    const mirrors = await openStaged({ no_new_uninstallable: true });
    using _lock = await (await mirrors.context("m")).lockSnapshots("test");
    expect((await mirrors.run(["snapshot", "promote", "m", "--dry-run"])).out).toContain("would be promoted");
  });
});

test("a promotion tells what it changes before it moves", async () => {
  const mirrors = await openStaged();
  const { log } = await mirrors.run(["snapshot", "promote", "m"]);
  const told = log.indexOf("INFO  m: one -> two\n");
  expect(told).toBeGreaterThanOrEqual(0);
  expect(log.indexOf("INFO  Production updated")).toBeGreaterThan(told);
  expect(log).toContain("fixes, as its changelogs say: CVE-2026-12345");
});

/** Promotes, and answers the question. */
async function answer(line: string | undefined) {
  const mirrors = await openStaged();
  const stdin = { isTerminal: true, readLine: () => Promise.resolve(line) };
  const args = ["--config", mirrors.configFile, "snapshot", "promote", "m", "--ask"];
  const found = await runCommand(args, { stdin, env: { PATH: "/usr/bin:/bin" } });
  return { ...found, shown: await shownIn(mirrors) };
}

describe("promote --ask", () => {
  test.each(["y", "YES", " yes "])("promotes after %j", async (line) => {
    const { status, stderr, shown } = await answer(line);
    expect({ status, shown }).toEqual({ status: 0, shown: { kind: "snapshot", name: "two" } });
    expect(stderr.indexOf("Promote m? [y/N] ")).toBeGreaterThan(stderr.indexOf("m: one -> two"));
  });

  test.each(["", "n", "yesterday", undefined])("promotes nothing after %j", async (line) => {
    const { status, stderr, shown } = await answer(line);
    expect({ status, shown }).toEqual({ status: 3, shown: { kind: "snapshot", name: "one" } });
    expect(stderr).toContain("ERROR nothing was promoted: the answer was not yes");
  });

  test("promotes nothing if a gate stopped passing while the question waited", async () => {
    const mirrors = await openStaged({ max_release_age: "4d" });
    const confirm = () => {
      mirrors.aheadMs = 3 * 86_400_000;
      return Promise.resolve(true);
    };
    const promoted = promoteSnapshots([await mirrors.context("m")], { confirm });
    await expect(promoted).rejects.toThrow("two fails the gate max_release_age");
    expect(mirrors.aheadMs).toBeGreaterThan(0);
    expect(await shownIn(mirrors)).toEqual({ kind: "snapshot", name: "one" });
  });

  test("is refused without a terminal, before anything is read", async () => {
    const { status, stderr } = await runCommand(["--config", "/none", "snapshot", "promote", "m", "--ask"]);
    expect(status).toBe(2);
    expect(stderr).toContain("ERROR --ask needs a terminal to ask on");
  });

  test("does not go with --dry-run, which moves nothing", async () => {
    const { status } = await runCommand([
      "--config",
      "/none",
      "snapshot",
      "promote",
      "m",
      "--ask",
      "--dry-run",
    ]);
    expect(status).toBe(2);
  });
});
