import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diskParent, listFiles, temporaryDirectory } from "../../../../test/support/index.ts";
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
} from "../test-support.ts";

const snapshotsIn = (path: string): readonly string[] =>
  readdirSync(path).filter((name) => !name.startsWith("."));
const bytesOf = (mirrors: Mirrors, path: string): Buffer => readFileSync(mirrors.upstream.path(path));
const poolRequests = ({ server }: Mirrors): readonly string[] =>
  server.requests.map(({ path }) => path).filter((path) => path.startsWith("/pool/"));

describe("a damaged object", () => {
  test("is downloaded once for all its names in all trees; nothing else changes", async () => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: {}, other: {} });
    for (const name of ["one", "two", "three"]) {
      mirrors.upstream.suite("stable").addPackage(name, "1.0-1");
      if (name === "three") mirrors.upstream.suite("stable").removePackage("hello");
      await mirrors.upstream.publish();
      await mirrors.run(["sync"]);
      for (const id of ["m", "other"]) await mirrors.run(["snapshot", "create", id, name]);
      await mirrors.run(["snapshot", "publish", "m", name]); // carries the files of the previous production
    }
    const names = [
      mirrors.file(deb, "one"),
      mirrors.file(deb, "two"),
      mirrors.file(deb, "three"),
      mirrors.file(deb, "one", "other"),
      mirrors.file(deb, "two", "other"),
    ];
    const good = await stateOf(mirrors.dir);
    const bytes = readFileSync(mirrors.file(deb, "one"));
    const { ino } = statSync(mirrors.file(deb, "one"));
    for (const name of names) expect(statSync(name).ino).toBe(ino);
    flipBit(mirrors.file(deb, "one"));
    mirrors.upstream.rewrite(deb, bytes); // upstream has removed it by now

    mirrors.server.clearRequests();
    const { log, out } = await mirrors.run([
      "--json",
      "snapshot",
      "verify",
      "m",
      "one",
      "--deep",
      "--repair",
    ]);
    expect(log).not.toContain("outside the trees");
    const [report] = JSON.parse(out) as readonly unknown[];
    expect(report).toMatchObject({ result: "repaired", damages: [{ path: deb, repaired: true }] });
    expect(poolRequests(mirrors)).toEqual([`/${deb}`]);
    const repaired = statSync(mirrors.file(deb, "one"));
    expect(repaired.ino).not.toBe(ino);
    for (const name of names) {
      expect(statSync(name)).toMatchObject({ ino: repaired.ino, mode: 0o100644 });
      expect(readFileSync(name).equals(bytes)).toBe(true);
    }
    const told = /\.spare\/|\.(?:files|disowned)$|\/\.meta\//; // the next sync makes another spare; records say "repaired"
    const isOfIt = (entry: string): boolean =>
      !entry.startsWith(`${ino} `) && !entry.startsWith(`${repaired.ino} `);
    const others = (state: ReadonlyMap<string, string>) =>
      new Map([...state].filter(([path, entry]) => isOfIt(entry) && !told.test(path)));
    expect(others(await stateOf(mirrors.dir))).toEqual(others(good));
    for (const id of ["m", "other"]) await mirrors.verify([id, "--deep"]);
    await mirrors.run(["snapshot", "create", "m", "four"]); // fails if the working mirror is marked as damaged
  });
});

test("takes right bytes from the store or a tree on any file system, before upstream", async () => {
  await using elsewhere = await temporaryDirectory("mirrorctl-test-", diskParent);
  const mirrors = await openSnapshot([{ m: {} }, { snapshot: { path: elsewhere.path } }]);
  const copy = (path: string): string => elsewhere.join("m/one", path);
  expect(statSync(copy(deb)).dev).not.toBe(statSync(mirrors.file(deb)).dev);
  flipBit(copy(deb)); // the store has it
  flipBit(mirrors.file(toolDeb)); // the copy has it
  rmSync(copy(packages)); // its by-hash name has it
  const { ino } = statSync(mirrors.file(deb));
  mirrors.server.clearRequests();
  const { log, out } = await mirrors.run(["snapshot", "verify", "m", "--deep", "--repair"]);
  expect(mirrors.server.requests).toEqual([]);
  expect(log).toContain(`Repaired ${deb} of one from the store: 1 name\n`);
  expect(log).toContain(`Repaired ${toolDeb} of (working mirror) from another tree: 1 name\n`);
  expect(out).toMatch(/^m +\(working mirror\) +repaired .* 0 +1\nm +one +repaired .* 0 +2$/m);
  expect(statSync(mirrors.file(deb)).ino).toBe(ino);
  for (const path of [deb, toolDeb, packages]) {
    const upstreams = bytesOf(mirrors, path);
    expect(readFileSync(copy(path)).equals(upstreams)).toBe(true);
    expect(readFileSync(mirrors.file(path)).equals(upstreams)).toBe(true);
    expect(statSync(copy(path)).mtimeMs).toBe(statSync(mirrors.upstream.path(path)).mtimeMs);
    expect(statSync(mirrors.file(path)).mtimeMs).toBe(statSync(mirrors.upstream.path(path)).mtimeMs);
  }
  expect((await listFiles(elsewhere.path)).filter((path) => path.includes(".mended"))).toEqual([]);

  for (const name of snapshotsIn(elsewhere.join("m"))) flipBit(elsewhere.join("m", name, deb));
  flipBit(mirrors.file(deb)); // the very file that the store has
  expect(await mirrors.verify(["m", "one", "--deep", "--repair"])).toMatchObject([{ result: "repaired" }]);
  expect(readFileSync(copy(deb)).equals(bytesOf(mirrors, deb))).toBe(true);
  expect(readFileSync(mirrors.object(deb)).equals(bytesOf(mirrors, deb))).toBe(true);
});

test("reports what upstream has lost and what to do, and repairs the rest", async () => {
  const mirrors = await openSnapshot();
  for (const form of ["Packages.xz", "Packages.gz"])
    flipBit(mirrors.file(packages.replace("Packages.xz", form)));
  rmSync(mirrors.file(deb, "one"));
  cutShort(mirrors.file(toolDeb));
  mirrors.upstream.remove(toolDeb);
  const reports = await mirrors.verify(["m", "--deep", "--repair"], 1);
  for (const report of reports) {
    expect(report).toMatchObject({ result: "damaged", faults: [] });
    expect(report.damages.filter(({ repaired }) => !repaired)).toEqual([
      {
        path: toolDeb,
        problem: expect.objectContaining({ kind: "size-differs" }),
        repaired: false,
        left: {
          kind: "lost",
          status: 404,
          url: `${mirrors.server.url}/${toolDeb}`,
          digest: expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
          message: expect.stringContaining("upstream no longer has them"),
          todo: expect.stringMatching(/^Put a copy from a backup in its place \(sha256 [0-9a-f]{64}\)/),
        },
      },
    ]);
  }
  expect(
    reports[1]?.damages
      .filter(({ repaired }) => repaired)
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual([packages.replace(".xz", ".gz"), packages, deb]);
  expect(readFileSync(mirrors.file(deb, "one")).equals(bytesOf(mirrors, deb))).toBe(true);
  expect((await mirrors.run(["history", "m"])).out).toMatch(
    /verify +failed .* 2 trees: 5 files repaired, 2 not repaired$/m,
  );
  mirrors.upstream.rewrite(toolDeb, "other bytes");
  const [report] = await mirrors.verify(["m", "one", "--repair"], 1);
  expect(report?.damages[0]?.left?.message).toContain(`${toolDeb}: `);
  await mirrors.upstream.publish();
  expect(await mirrors.verify(["m", "--deep", "--repair"])).toMatchObject([
    { result: "repaired" },
    { result: "repaired" },
  ]);
});

describe("a damaged InRelease", () => {
  test.each([
    ["its digest is recorded", true],
    ["its digest is not recorded", false],
  ])("is downloaded again while upstream has the same file, if %s", async (_, isRecorded) => {
    const mirrors = await openSnapshot();
    if (!isRecorded) forgetFacts(mirrors);
    flipBit(mirrors.file(inRelease));
    expect(await mirrors.verify(["m", "one", "--repair"])).toMatchObject([{ result: "repaired" }]);
    for (const name of [undefined, "one"])
      expect(readFileSync(mirrors.file(inRelease, name)).equals(bytesOf(mirrors, inRelease))).toBe(true);
  });

  test.each([true, false])(
    "comes from another tree when upstream has a new one (recorded: %s)",
    async (isRecorded) => {
      await using elsewhere = await temporaryDirectory("mirrorctl-test-", diskParent);
      const mirrors = await openSnapshot([{ m: {} }, { snapshot: { path: elsewhere.path } }]);
      if (!isRecorded) forgetFacts(mirrors, elsewhere.path);
      const bytes = bytesOf(mirrors, inRelease);
      const copy = elsewhere.join("m/one", inRelease);
      await mirrors.upstream.publish();
      flipBit(copy);
      expect(await mirrors.verify(["m", "one", "--repair"])).toMatchObject([{ result: "repaired" }]);
      expect(readFileSync(copy).equals(bytes)).toBe(true);

      const snapshots = readdirSync(elsewhere.join("m")).filter((name) => !name.startsWith("."));
      for (const name of snapshots) flipBit(elsewhere.join("m", name, inRelease));
      flipBit(mirrors.file(inRelease));
      rmSync(elsewhere.join("m/one", deb));
      const [report] = await mirrors.verify(["m", "one", "--repair"], 1);
      expect(report).toMatchObject({
        result: "damaged",
        damages: [
          { path: deb, repaired: true }, // Release and Release.gpg cover it
          { path: inRelease, repaired: false },
        ],
      });
      expect(report?.damages[1]?.left?.todo).toMatch(/promote a (?:new )?snapshot/);
    },
  );
});

test("a missing file that a snapshot only carries becomes a file of its own", async () => {
  const mirrors = await openSnapshot();
  await mirrors.run(["snapshot", "publish", "m", "one"]);
  mirrors.upstream.suite("stable").addPackage("newer", "1.0-1");
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two"]);
  rmSync(mirrors.file(deb, "two"));
  // Without the records of syncs, a move looks at every file, and finds that this one is missing.
  rmSync(mirrors.file("../.differences", "two"), { recursive: true });
  await mirrors.run(["snapshot", "publish", "m", "two"]);
  expect(readFileSync(mirrors.file(deb, "two")).length).toBeGreaterThan(0);
  const [report] = await mirrors.verify(["m", "two"], 1);
  expect(report?.damages[0]?.problem).toMatchObject({ kind: "missing", isCarried: true });
  expect(await mirrors.verify(["m", "two", "--repair"])).toMatchObject([{ result: "repaired" }]);
  mirrors.aheadMs = 8 * 86_400_000; // the grace is over
  await mirrors.run(["snapshot", "prune", "m", "--keep-last", "9"]);
  expect(await mirrors.verify(["m", "--deep"])).toMatchObject([
    { result: "whole" },
    { result: "whole" },
    { result: "whole" },
  ]);
});
