import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { digestOf } from "../../../test/support/index.ts";
import { deb, flipBit, type Mirrors, openMirrors, toolDeb } from "./test-support.ts";

const wrongSha1 = "0".repeat(40);

const editIndex = (text: string): string =>
  text.replaceAll(/^SHA1: .*$/gm, `SHA1: ${wrongSha1}`).replaceAll(/^MD5sum: .*$/gm, "MD5sum: ");

/** Opens a snapshot "one" of two suites with the same packages. The second suite lists a wrong SHA-1 for each. */
async function openContradiction(): Promise<Mirrors> {
  const mirrors = await openMirrors();
  const { upstream } = mirrors;
  upstream.suite("other", { editIndex }).addPackage("hello", "1.0-1").addPackage("tool", "2.0-1");
  await upstream.publish();
  mirrors.configure({ m: { suites: ["stable", "other"], filters: { exclude_patterns: ["^nothing$"] } } });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  return mirrors;
}

test("reports a wrong digest beside a right SHA-256 with --all-digests, not as damage", async () => {
  const mirrors = await openContradiction();
  for (const depth of [[], ["--deep"]]) {
    const reports = await mirrors.verify(["m", "one", ...depth]);
    expect(reports).toMatchObject([{ result: "whole", damages: [], contradictions: [] }]);
  }
  const found = (path: string) => ({
    path,
    source: "dists/other/main/binary-amd64/Packages",
    algorithm: "sha1",
    listed: wrongSha1,
    found: digestOf(readFileSync(mirrors.upstream.path(path)), "SHA1"),
  });
  const [report] = await mirrors.verify(["m", "one", "--all-digests"]);
  expect(report).toMatchObject({ result: "whole", damages: [], remarks: [] });
  expect(report?.contradictions).toEqual([found(deb), found(toolDeb)]);
  expect(report?.readBytes).toBeGreaterThan(0);
  const { log } = await mirrors.run(["snapshot", "verify", "m", "one", "--all-digests"]);
  expect(log).toContain("INFO  one: upstream lists 2 digests wrongly; the files are right");
  expect(log).toContain(
    `${deb}: the sha1 digest is ${found(deb).found}; ${found(deb).source} lists ${wrongSha1}`,
  );
});

test("a repair and later syncs accept files with a wrong digest beside a right one", async () => {
  const mirrors = await openContradiction();
  flipBit(mirrors.file(deb, "one"));
  const [damaged] = await mirrors.verify(["m", "one", "--all-digests"], 1);
  expect(damaged).toMatchObject({ damages: [{ path: deb }], contradictions: [{ path: toolDeb }] });
  const [repaired] = await mirrors.verify(["m", "one", "--all-digests", "--repair"]);
  expect(repaired).toMatchObject({ result: "repaired", contradictions: [{ path: deb }, { path: toolDeb }] });
  mirrors.upstream.suite("stable").addPackage("newer", "1.0-1");
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  const [working] = await mirrors.verify(["m"]);
  expect(working).toMatchObject({ result: "whole" });
});

test("checks the deciding digest of a file that exists although filters leave it out", async () => {
  const mirrors = await openContradiction();
  mirrors.configure({ m: { suites: ["stable", "other"], filters: { exclude_patterns: ["^tool$"] } } });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two"]);
  const before = readFileSync(mirrors.file(toolDeb, "one"));
  const path = mirrors.file(toolDeb, "two");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, before, { flag: "wx" });
  const [whole] = await mirrors.verify(["m", "two", "--all-digests"]);
  expect(whole).toMatchObject({ result: "whole", contradictions: [{ path: deb }, { path: toolDeb }] });
  flipBit(path);
  expect(await mirrors.verify(["m", "two", "--deep"], 1)).toMatchObject([{ damages: [{ path: toolDeb }] }]);
});
