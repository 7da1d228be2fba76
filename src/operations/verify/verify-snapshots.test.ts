import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { createSigningKey, listFiles } from "../../../test/support/index.ts";
import type { MirrorContext } from "../context.ts";
import { verifySnapshots } from "./index.ts";
import {
  cutShort,
  deb,
  flipBit,
  forgetFacts,
  inRelease,
  type Mirrors,
  openMirrors,
  openSnapshot,
  packages,
  stateOf,
  toolDeb,
} from "./test-support.ts";

const remove = (path: string): void => rmSync(path, { recursive: true });

function replaceByOther(path: string): void {
  const bytes = readFileSync(path);
  rmSync(path);
  writeFileSync(path, bytes.toReversed());
}

function replaceByDirectory(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

/** Returns the by-hash name that clients request. */
function byHashOf(mirrors: Mirrors, algorithm: "SHA256" | "SHA512"): string {
  const directory = `${dirname(packages)}/by-hash/${algorithm}`;
  const { ino } = statSync(mirrors.file(packages, "one"));
  const names = readdirSync(mirrors.file(directory, "one")).map((name) => `${directory}/${name}`);
  return names.find((name) => statSync(mirrors.file(name, "one")).ino === ino) ?? "there is none";
}

test("finds missing files and wrong sizes; wrong bytes in metadata, with --deep in all", async () => {
  const mirrors = await openSnapshot();
  const cases: readonly [string, string, (path: string) => void, { readonly shallow: boolean }][] = [
    ["a flipped bit in a package", deb, flipBit, { shallow: false }],
    ["a package that was cut", deb, cutShort, { shallow: true }],
    ["a missing package", deb, remove, { shallow: true }],
    ["a directory in place of a package", deb, replaceByDirectory, { shallow: true }],
    ["a flipped bit in an index", packages, flipBit, { shallow: true }],
    ["a missing form of an index", packages, remove, { shallow: true }],
    ["other bytes under a by-hash name", byHashOf(mirrors, "SHA256"), replaceByOther, { shallow: true }],
    ["a missing by-hash name", byHashOf(mirrors, "SHA512"), remove, { shallow: true }],
    ["a flipped bit in InRelease", inRelease, flipBit, { shallow: true }],
    ["a missing InRelease", inRelease, remove, { shallow: true }],
    ["a flipped bit in Release.gpg", "dists/stable/Release.gpg", flipBit, { shallow: true }],
    ["a missing Release", "dists/stable/Release", remove, { shallow: true }],
  ];
  for (const [what, path, damage, { shallow }] of cases) {
    const file = mirrors.file(path, "one");
    const bytes = readFileSync(file);
    const kept = `${mirrors.dir}/kept`;
    linkSync(file, kept);
    damage(file);
    for (const deep of [false, true]) {
      const isFound = deep || shallow;
      const args = ["m", "one", ...(deep ? ["--deep"] : [])];
      const [report] = await mirrors.verify(args, isFound ? 1 : 0);
      expect
        .soft(
          report?.damages.map((found) => found.path),
          `${what}, deep: ${deep}`,
        )
        .toEqual(isFound ? [path] : []);
      expect.soft(report?.damages[0]?.problem.message ?? path).toContain(path);
    }
    rmSync(file, { recursive: true, force: true });
    renameSync(kept, file);
    writeFileSync(file, bytes);
  }
  expect(await mirrors.verify(["m", "one", "--deep"])).toMatchObject([{ result: "whole", damages: [] }]);
});

test("finds no damage where a file is missing for a reason, and changes nothing", async () => {
  const mirrors = await openMirrors();
  const { upstream } = mirrors;
  upstream.suite("stable").addPackage("hello", "0.9-1").addSource("hello", "1.0-1").addContents();
  upstream
    .suite("lacking", { acquireByHash: false })
    .addPackage("here", "1.0-1")
    .addPackage("gone", "1.0-1")
    .addTranslation("de");
  upstream.suite("flat/").addPackage("flat", "1.0-1", { filename: "flat.deb" });
  await upstream.publish();
  upstream.remove("pool/main/g/gone/gone_1.0-1_amd64.deb");
  for (const path of await listFiles(upstream.path("dists/lacking")))
    if (/Packages\.gz$|Translation/.test(path)) upstream.remove(`dists/lacking/${path}`);
  renameSync(upstream.path("flat.deb"), upstream.path("flat/flat.deb"));
  mirrors.configure({
    m: { mirror_source: true },
    filtered: { filters: { keep_versions: 1, exclude_patterns: ["^tool$"] } },
    newest: { filters: { keep_source_versions: 1 } },
    lacking: { suites: ["lacking"], allow_missing: true },
    flat: { suites: ["flat/"], sections: undefined, architectures: undefined },
    unsigned: { no_pgp_check: true, contents: false },
  });
  await mirrors.run(["sync"]);
  const ids = ["m", "filtered", "newest", "lacking", "flat", "unsigned"];
  for (const id of ids) await mirrors.run(["snapshot", "create", id, "one"]);
  await mirrors.run(["snapshot", "publish", "m", "one"]);
  upstream.suite("stable").removePackage("tool").addPackage("newer", "1.0-1");
  await upstream.publish();
  await mirrors.run(["sync", "m"]);
  await mirrors.run(["snapshot", "create", "m", "two"]);
  await mirrors.run(["snapshot", "publish", "m", "two"]);
  expect(statSync(mirrors.file(toolDeb, "two")).nlink).toBeGreaterThan(1); // carried
  writeFileSync(mirrors.file("README", "two"), "somebody else's");
  // The configuration has changed since the trees were made.
  mirrors.configure({
    unsigned: { no_pgp_check: true },
    m: {},
    filtered: {},
    newest: {},
    lacking: {},
    flat: {},
  });
  const before = await stateOf(mirrors.dir);
  const remarks = new Map<string, readonly string[]>();
  for (const id of ids) {
    for (const report of await mirrors.verify([id, "--deep"])) {
      expect(report).toMatchObject({ result: "whole", damages: [], faults: [] });
      remarks.set(
        `${id} ${report.name}`,
        report.remarks.map(({ message }) => message),
      );
    }
  }
  expect(await stateOf(mirrors.dir)).toEqual(before);
  expect(remarks.get("m two")).toEqual(["1 file that nothing in it lists: README"]);
  expect(remarks.get("m one")).toEqual([]);
  expect(remarks.get("filtered one")).toEqual([
    `2 files left out by filters: ${toolDeb}, ${deb.replace("1.0-1", "0.9-1")}`,
  ]);
  expect(remarks.get("newest one")).toEqual([`1 file left out by filters: ${deb.replace("1.0-1", "0.9-1")}`]);
  expect(remarks.get("lacking one")).toEqual([
    "1 file that upstream lacked when this was mirrored: pool/main/g/gone/gone_1.0-1_amd64.deb",
  ]);
  expect(remarks.get("lacking (working mirror)")).toEqual(remarks.get("lacking one"));
});

test("uses existing files and the configured filters if the facts were not recorded", async () => {
  const mirrors = await openMirrors();
  mirrors.upstream.suite("stable").addPackage("hello", "0.9-1").addContents();
  await mirrors.upstream.publish();
  mirrors.upstream.suite("lone").addPackage("lone", "1.0-1");
  await mirrors.upstream.publish();
  mirrors.upstream.remove("dists/lone/Release.gpg");
  const suites = ["stable", "lone"];
  mirrors.configure({ m: { suites, contents: false, filters: { keep_versions: 1 } } });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  forgetFacts(mirrors);
  const reports = await mirrors.verify(["m", "--deep"]);
  expect(reports).toMatchObject([{ result: "whole" }, { result: "whole" }]);
  mirrors.configure({ m: {} });
  const [report] = await mirrors.verify(["m", "one"], 1);
  expect(report?.damages.map(({ problem }) => problem.message)).toEqual([
    `${deb.replace("1.0-1", "0.9-1")}: it is missing`,
  ]);
  rmSync(mirrors.file(inRelease, "one"));
  flipBit(mirrors.file("dists/stable/Release.gpg", "one"));
  flipBit(mirrors.file("dists/lone/Release", "one"));
  const [unsigned] = await mirrors.verify(["m", "one"], 1);
  expect(unsigned?.damages.map(({ path }) => path).toSorted()).toEqual([
    "dists/lone/Release",
    "dists/stable/Release",
    "dists/stable/Release.gpg",
  ]);
  expect(unsigned?.remarks.map(({ message }) => message)).toEqual([
    "stable: it has no Release that can be trusted, so that its files were not checked",
  ]);
});

describe("what expires", () => {
  test("is a remark, for keys and for a Release; a removed key is a fault", async () => {
    const expiresAt = new Date(Date.now() + 86_400_000);
    const mirrors = await openMirrors({ expiresAt });
    mirrors.upstream.suite("dated", { validUntil: expiresAt }).addPackage("hello", "1.0-1");
    await mirrors.upstream.publish();
    mirrors.configure({ m: { suites: ["dated"] } });
    await mirrors.run(["sync"]);
    await mirrors.run(["snapshot", "create", "m", "one"]);
    mirrors.aheadMs = 2 * 86_400_000;
    const [report] = await mirrors.verify(["m", "one", "--deep"]);
    expect(report).toMatchObject({ result: "whole", damages: [], faults: [] });
    expect(report?.remarks.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^dists\/dated\/InRelease: .* expired .*; it was good when it was mirrored$/),
      expect.stringMatching(/^dists\/dated\/Release: .* expired /),
      expect.stringMatching(/^dated: the Release has expired \(Valid-Until /),
    ]);
    writeFileSync(mirrors.keyFile, (await createSigningKey()).publicKeyArmored);
    const [unknown] = await mirrors.verify(["m", "one", "--repair"], 1);
    expect(unknown).toMatchObject({ result: "damaged", damages: [] });
    expect(unknown?.faults[0]?.message).toContain("signed by unknown key 0x");
    expect(unknown?.remarks[0]?.message).toContain("it has no Release that can be trusted");
  });
});

describe("damaged files are kept out of new trees", () => {
  test("by a sync, which downloads them again although upstream has nothing new", async () => {
    const mirrors = await openSnapshot();
    const good = readFileSync(mirrors.file(deb));
    flipBit(mirrors.file(deb));
    await mirrors.verify(["m", "one", "--deep"], 1);
    const { log } = await mirrors.run(["snapshot", "create", "m", "two"], 1);
    expect(log).toContain("ERROR the working mirror of m has damaged files");
    mirrors.server.clearRequests();
    await mirrors.run(["sync"]);
    await mirrors.run(["snapshot", "create", "m", "three"]);
    expect(mirrors.server.requests.map(({ path }) => path).filter((path) => path.includes("/pool/"))).toEqual(
      [`/${deb}`],
    );
    expect(readFileSync(mirrors.file(deb)).equals(good)).toBe(true);
    expect(readFileSync(mirrors.file(deb, "three")).equals(good)).toBe(true);
    expect(readFileSync(mirrors.object(deb)).equals(good)).toBe(true);
    const reports = await mirrors.verify(["m", "--deep"], 1);
    expect(reports.map(({ name, result }) => [name, result])).toEqual([
      ["(working mirror)", "whole"],
      ["three", "whole"],
      ["one", "damaged"],
    ]);
    mirrors.server.clearRequests();
    await mirrors.run(["sync"]);
    expect(mirrors.server.requests.map(({ path }) => path)).toEqual([`/${inRelease}`]);
  });

  test("of every mirror that shares them, also if a signature is damaged", async () => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: {}, other: {} });
    await mirrors.run(["sync"]);
    await mirrors.run(["snapshot", "create", "m", "one"]);
    const signature = "dists/stable/Release.gpg";
    const good = readFileSync(mirrors.file(signature));
    flipBit(mirrors.file(signature));
    flipBit(mirrors.file(deb));
    await mirrors.verify(["m", "one", "--deep"], 1);
    await mirrors.run(["sync"]);
    for (const id of ["m", "other"]) {
      expect(readFileSync(mirrors.file(signature, undefined, id)).equals(good)).toBe(true);
      expect(await mirrors.verify([id, "--deep"], id === "m" ? 1 : 0)).toMatchObject([
        { result: "whole" },
        ...(id === "m" ? [{ result: "damaged" }] : []),
      ]);
    }
  });

  test("also if a missing index had hidden them from the first check", async () => {
    const mirrors = await openSnapshot();
    flipBit(mirrors.file(deb));
    for (const form of ["Packages.xz", "Packages.gz"])
      remove(mirrors.file(packages.replace("Packages.xz", form), "one"));
    remove(mirrors.file(`${dirname(packages)}/by-hash`, "one"));
    mirrors.upstream.remove(deb);
    const [report] = await mirrors.verify(["m", "one", "--deep", "--repair"], 1);
    expect(report?.damages.filter(({ repaired }) => !repaired)).toMatchObject([{ path: deb }]);
    const { log } = await mirrors.run(["snapshot", "create", "m", "two"], 1);
    expect(log).toContain("ERROR the working mirror of m has damaged files");
  });
});

test("a tree that is removed or replaced during the check is not a failure", async () => {
  const mirrors = await openSnapshot();
  await mirrors.run(["snapshot", "create", "m", "two"]);
  const context = await mirrors.context("m");
  const pruning: MirrorContext = {
    ...context,
    emit(news) {
      if (news.type !== "verify-started") return;
      if (news.name === "two") remove(mirrors.file("", "two")); // as it is about to be verified
      if (news.name === "two") remove(mirrors.file("", "one")); // before its turn
      if (news.name === "(working mirror)") remove(mirrors.file("pool")); // by a sync that has shown the next one
    },
  };
  const next = { name: "next", path: mirrors.file("") };
  const shown = [context.working.current(), next];
  const working = { ...context.working, current: () => shown.shift() ?? next };
  const ports = { mirrors: [], openSyncPorts: () => Promise.reject(new Error("this must not be called")) };
  const options = { deep: true, repair: false };
  const { trees } = await verifySnapshots({ ...pruning, working }, ports, options);
  expect(trees.map(({ name, result, damages }) => [name, result, damages])).toEqual([
    ["(working mirror)", "gone", []],
    ["two", "gone", []],
    ["one", "gone", []],
  ]);
});

test("a mirror that was never synced is an error, not a whole mirror", async () => {
  const mirrors = await openMirrors();
  const { log } = await mirrors.run(["snapshot", "verify", "m"], 1);
  expect(log).toContain("ERROR m has nothing to verify yet\n      Sync it first: mirrorctl sync m\n");
});

/** Returns latin1, in which the é is one byte. */
const editIndex = (text: string): Buffer => Buffer.from(text.replaceAll("tool_2.0-1_", "\xe9_"), "latin1");

test("a package that was left out because its path is not UTF-8 is a remark", async () => {
  const mirrors = await openMirrors();
  mirrors.upstream.suite("other", { editIndex }).addPackage("hello", "1.0-1").addPackage("tool", "2.0-1");
  await mirrors.upstream.publish();
  mirrors.configure({ m: { suites: ["other"] } });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  const [report] = await mirrors.verify(["m", "one", "--deep"]);
  expect(report).toMatchObject({
    result: "whole",
    damages: [],
    remarks: [{ kind: "packages-unnamed", files: 1, names: ["tool 2.0-1"] }],
  });
});
