/** Complete syncs of upstreams that lack some of what they list, or list some of it oddly. */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, symlinkSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { digestOf, type FakeSuite, type SuiteOptions } from "../../../test/support/index.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const binary = "dists/stable/main/binary-amd64";
const contents = "dists/stable/main/Contents-amd64.gz";
const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";

/** A mirror, not yet synced, of an upstream with one package. */
async function openUpstream(
  options: SuiteOptions = {},
  state: (suite: FakeSuite) => unknown = () => undefined,
): Promise<SyncedMirror> {
  const mirror = await openMirror();
  const usual = { compressions: ["gz"], acquireByHash: false, digests: ["MD5Sum", "SHA256"] } as const;
  state(mirror.upstream.suite("stable", { ...usual, ...options }).addPackage("hello", "1.0-1"));
  await mirror.upstream.publish();
  return mirror;
}

async function synced(mirror: SyncedMirror, extra = "") {
  const { outcome, said, asked } = await mirror.sync({ extra });
  expect(said).not.toContain("Sync failed");
  return { outcome, said, asked, tree: await mirror.tree() };
}

async function saidOfFailure(mirror: SyncedMirror, extra = ""): Promise<string> {
  const { outcome, said } = await mirror.sync({ extra });
  expect(outcome).toMatchObject({ kind: "failed" });
  await expect(mirror.tree()).rejects.toThrow("ENOENT");
  return said;
}

/** Leaves lines out of the strong list of a Release. */
const listedByMd5Alone =
  (name: RegExp) =>
  (text: string): string => {
    const [before = "", strong = ""] = text.split("SHA256:\n");
    const kept = strong.split("\n").filter((line) => !name.test(line));
    return `${before}SHA256:\n${kept.join("\n")}`;
  };

describe("an index that is listed without SHA-256 and SHA-512", () => {
  test("is left out with a warning if clients do not need it, as by apt", async () => {
    const mirror = await openUpstream({ editRelease: listedByMd5Alone(/Contents/) }, (suite) =>
      suite.addContents(),
    );
    const { said, tree, asked } = await synced(mirror);
    expect(said).toContain(
      "stable: listed without SHA-256 and SHA-512, and so left out: main/Contents-amd64\n",
    );
    expect(tree.has(deb)).toBe(true);
    expect(asked.filter((path) => path.includes("Contents"))).toEqual([]);
  });

  test("is mirrored with allow_weak", async () => {
    const mirror = await openUpstream({ editRelease: listedByMd5Alone(/Contents/) }, (suite) =>
      suite.addContents(),
    );
    expect((await synced(mirror, "allow_weak = true\n")).tree.has(contents)).toBe(true);
  });

  test("is refused if clients need it", async () => {
    const mirror = await openUpstream({ editRelease: listedByMd5Alone(/Packages/) });
    expect(await saidOfFailure(mirror)).toContain(
      "lists main/binary-amd64/Packages without SHA-256 or SHA-512",
    );
  });

  test("is not missed if another form has strong digests", async () => {
    const mirror = await openUpstream({
      compressions: ["gz", "bz2"],
      editRelease: listedByMd5Alone(/Packages\.bz2/),
    });
    const { said, tree } = await synced(mirror);
    expect(said).not.toContain("left out");
    expect([tree.has(`${binary}/Packages.gz`), tree.has(`${binary}/Packages.bz2`)]).toEqual([true, false]);
  });
});

describe("an index with other bytes than listed", () => {
  test.each([
    ["Contents-amd64", (suite: FakeSuite) => suite.addContents(), "contents = false"],
    ["i18n/Translation-en", (suite: FakeSuite) => suite.addTranslation("en"), "translations = false"],
    ["dep11/Components-amd64.yml", (suite: FakeSuite) => suite.addDep11(), "dep11 = false"],
    ["cnf/Commands-amd64", (suite: FakeSuite) => suite.addCnf(), "cnf = false"],
  ])("%s fails the sync, with the option that leaves it out", async (name, state, option) => {
    const mirror = await openUpstream({}, state);
    mirror.upstream.corrupt(`dists/stable/main/${name}.gz`);
    const said = await saidOfFailure(mirror);
    expect(said).toContain(`dists/stable/main/${name}.gz: the sha256 digest is`);
    expect(said).toContain(`${option} leaves it out`);
    expect((await synced(mirror, `${option}\n`)).tree.has(deb)).toBe(true);
  });

  test("is left out if it is the small Release of a directory", async () => {
    const mirror = await openUpstream();
    mirror.upstream.corrupt(`${binary}/Release`);
    const { said, tree } = await synced(mirror);
    expect(said).toContain("stable: not as it is listed, and so left out: main/binary-amd64/Release\n");
    expect([tree.has(deb), tree.has(`${binary}/Release`)]).toEqual([true, false]);
  });
});

/** Lists Packages as a file of no bytes, whatever its compressed forms are. */
const withEmptyPackages = (text: string): string =>
  text.replaceAll(/^ ([0-9a-f]+) +\d+ (main\/binary-amd64\/Packages)$/gm, (_, hex: string, name: string) => {
    const digest = digestOf("", hex.length === 64 ? "SHA256" : "MD5Sum");
    return ` ${digest} 0 ${name}`;
  });

describe("an index of no bytes, which apt never requests", () => {
  test("is not missed, and its absence is not reported", async () => {
    const mirror = await openUpstream({ editRelease: withEmptyPackages });
    mirror.upstream.remove(`${binary}/Packages.gz`);
    const { said, tree } = await synced(mirror);
    expect(said).not.toContain("does not have");
    expect([...tree.keys()].filter((path) => path.includes("Packages"))).toEqual([]);
  });

  test("is not read, whatever its compressed form contains", async () => {
    const mirror = await openUpstream({ editRelease: withEmptyPackages });
    const { tree } = await synced(mirror);
    expect([tree.has(`${binary}/Packages.gz`), tree.has(deb)]).toEqual([true, false]);
  });
});

const withoutPlainPackages = (text: string): string => text.replaceAll(/^.* Packages\n/gm, "");

describe("does not read an index to its end that decompresses to too much", () => {
  const stanza = `Package: a\nVersion: 1\nArchitecture: all\nFilename: a.deb\nSize: 1\nSHA256: ${"1".repeat(64)}\n`;
  const bomb = gzipSync(`${stanza}Description: ${"a".repeat(100_000)}\n\n`.repeat(200));

  test("if Release lists its length", async () => {
    const mirror = await openUpstream({}, (suite) => suite.addFile("main/binary-amd64/Packages.gz", bomb));
    const said = await saidOfFailure(mirror);
    expect(said).toMatch(/binary-amd64\/Packages\.gz decompresses to more than the \d{3} bytes/);
  });

  test("if Release does not list its length", async () => {
    const mirror = await openMirror(["/"]);
    mirror.upstream
      .suite("/", { compressions: [], editRelease: withoutPlainPackages })
      .addFile("Packages.gz", bomb);
    await mirror.upstream.publish();
    expect(await saidOfFailure(mirror)).toMatch(
      /\/Packages\.gz decompresses to more than the 16777216 bytes/,
    );
  });
});

describe("an index that clients need", () => {
  test.each([
    ["Packages", "", 404],
    ["Packages", "", 403],
    ["Sources", "mirror_source = true\n", 404],
  ])("fails with the URL if upstream has it in no form: %s", async (name, extra, status) => {
    const mirror = await openUpstream({}, (suite) => suite.addSource("hello", "1.0-1"));
    mirror.server.fault({ path: new RegExp(`/${name}(\\.gz)?$`), status });
    const said = await saidOfFailure(mirror, extra);
    expect(said).toMatch(new RegExp(`stable: upstream lists main/\\S*/${name} but has it in no form`));
    expect(said).toMatch(
      new RegExp(`\\(${status} at ${mirror.server.url}/dists/stable/main/\\S*/${name}\\)`),
    );
  });

  test("fails if it does not decompress to what Release lists, as in apt", async () => {
    const zeros = "0".repeat(64);
    const editRelease = (text: string): string =>
      text.replace(/^ [0-9a-f]{64}( +\d+ main\/binary-amd64\/Packages)$/m, ` ${zeros}$1`);
    const mirror = await openUpstream({ digests: ["SHA256"], editRelease });
    const said = await saidOfFailure(mirror);
    expect(said).toMatch(/main\/binary-amd64\/Packages\.gz, decompressed: the sha256 digest is/);
    expect(said).toContain(`expected ${zeros}`);
  });
});

describe("forms that only programs can decode", () => {
  test("are mirrored unread beside a form that needs none", async () => {
    const mirror = await openUpstream({}, (suite) => {
      for (const form of ["lzma", "lz4"]) suite.addFile(`main/binary-amd64/Packages.${form}`, form);
    });
    const { tree } = await synced(mirror);
    const paths = ["Packages.lzma", "Packages.lz4", "Packages.gz"].map((name) => `${binary}/${name}`);
    expect(paths.filter((path) => !tree.has(path))).toEqual([]);
  });

  test.each([
    ["lzma", ["xz", "--format=lzma", "-c"]],
    ["lz4", ["lz4", "-c"]],
  ] as const)("are read where the program is installed: %s", async (form, [command, ...options]) => {
    const mirror = await openUpstream({ compressions: [] });
    const packages = readFileSync(mirror.upstream.path(`${binary}/Packages`));
    const bytes = execFileSync(command, options, { input: packages });
    mirror.upstream.suite("stable").addFile(`main/binary-amd64/Packages.${form}`, bytes);
    await mirror.upstream.publish();
    mirror.upstream.remove(`${binary}/Packages`);
    const { tree } = await synced(mirror);
    expect([tree.has(`${binary}/Packages.${form}`), tree.has(deb)]).toEqual([true, true]);
  });

  test.each([
    ["lzma", "xz"],
    ["lz4", "lz4"],
  ])("are not enough for Packages without the program: %s", async (form, program) => {
    const mirror = await openUpstream({ compressions: [] }, (suite) =>
      suite.addFile(`main/binary-amd64/Packages.${form}`, form),
    );
    mirror.upstream.remove(`${binary}/Packages`);
    const { outcome, said } = await mirror.sync({ searchPath: "/nonexistent" });
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain(
      `${binary}/Packages exists only as ${form}, which mirrorctl reads where ${program} is installed\n` +
        "On Debian: apt install xz-utils lz4.",
    );
  });
});

/** A flat suite sub/ with one file both below the base and in its directory, at the base perhaps with other bytes. */
async function openFlat(bytesAtBase: (deb: Buffer) => Buffer): Promise<SyncedMirror> {
  const mirror = await openMirror(["sub/"]);
  mirror.upstream.suite("sub/").addPackage("hello", "1.0-1", { filename: "hello.deb" });
  await mirror.upstream.publish();
  const bytes = readFileSync(mirror.upstream.path("hello.deb"));
  mirror.upstream.rewrite("sub/hello.deb", bytes);
  mirror.upstream.rewrite("hello.deb", bytesAtBase(bytes));
  return mirror;
}

describe("the paths of a flat suite in a directory", () => {
  test("start at the base, as for apt, if both places have the file", async () => {
    const { tree } = await synced(await openFlat((bytes) => bytes));
    expect([tree.has("hello.deb"), tree.has("sub/hello.deb")]).toEqual([true, false]);
  });

  test("start in the directory if the base has another file of that name", async () => {
    const { tree } = await synced(await openFlat((bytes) => Buffer.concat([bytes, bytes])));
    expect([tree.has("hello.deb"), tree.has("sub/hello.deb")]).toEqual([false, true]);
  });
});

test.each(["stable", "/"])("mirrors a suite without packages: %s", async (name) => {
  const mirror = await openMirror([name]);
  mirror.upstream.suite(name);
  await mirror.upstream.publish();
  const { tree, outcome } = await synced(mirror, "mirror_source = true\n");
  expect([...tree.keys()].filter((path) => /\/Packages\.(?:gz|xz)$/.test(`/${path}`))).toHaveLength(2);
  expect(outcome).toMatchObject({ kind: "synced", unchanged: false });
});

test("downloads each file once for a suite with several names", async () => {
  const mirror = await openMirror(["stable", "bookworm", "oldstable"]);
  const { upstream } = mirror;
  upstream
    .suite("bookworm", { extraReleaseFields: { Suite: "stable" } })
    .addPackage("hello", "1.0-1")
    .addContents();
  await upstream.publish();
  for (const name of ["stable", "oldstable"]) symlinkSync("bookworm", upstream.path(`dists/${name}`));
  const { asked, tree, said } = await synced(mirror);
  expect(said).toContain('oldstable: Release calls itself "stable", "bookworm", and apt will warn of that');
  const ofIndices = asked.filter((path) => !path.includes("Release"));
  expect(new Set(ofIndices.map((path) => path.replace(/.*\//, ""))).size).toBe(ofIndices.length);
  const paths = [...tree.keys()].filter((path) => path.startsWith("dists/bookworm/"));
  expect(paths).toContain("dists/bookworm/InRelease");
  const inodeOf = (path: string): number => statSync(`${mirror.dir}/m/.live/${path}`).ino;
  for (const path of paths)
    for (const name of ["stable", "oldstable"])
      expect([path, inodeOf(path.replace("bookworm", name))]).toEqual([path, inodeOf(path)]);
});

test("requests indices by their strongest digest if Release says so", async () => {
  const wanted = { acquireByHash: true, digests: ["SHA1", "SHA256"] } as const;
  const { asked } = await synced(await openUpstream(wanted));
  expect(asked.filter((path) => path.startsWith(`/${binary}/`))).toEqual([
    expect.stringMatching(/\/by-hash\/SHA256\/[0-9a-f]{64}$/),
    expect.stringMatching(/\/by-hash\/SHA256\/[0-9a-f]{64}$/),
  ]);
  const { asked: askedByName } = await synced(await openUpstream({ acquireByHash: false }));
  expect(askedByName.filter((path) => path.startsWith(`/${binary}/`)).toSorted()).toEqual([
    `/${binary}/Packages.gz`,
    `/${binary}/Release`,
  ]);
});

test("gives two names with the same bytes one by-hash name", async () => {
  const mirror = await openUpstream({ acquireByHash: true }, (suite) =>
    suite.addTranslation("de").addTranslation("fr"),
  );
  mirror.upstream
    .suite("stable")
    .addFile("main/i18n/Translation-de", "the same", "compressed")
    .addFile("main/i18n/Translation-fr", "the same", "compressed");
  await mirror.upstream.publish();
  const { tree } = await synced(mirror);
  const paths = [...tree.keys()].filter((path) => path.includes("i18n"));
  expect(paths).toHaveLength(4); // two names, and one by hash for each of two digests
  const inodes = new Set(paths.map((path) => statSync(`${mirror.dir}/m/.live/${path}`).ino));
  expect(inodes.size).toBe(1);
  expect(readFileSync(`${mirror.dir}/m/.live/${paths[0]}`)).toHaveLength(gzipSync("the same").length);
});

describe("a package with a path that is not UTF-8", () => {
  const strange = "strange_1.0-1_amd64.deb";
  /** In latin1: the é is one byte. */
  const editIndex = (text: string): Buffer => Buffer.from(text.replaceAll(strange, "\xe9.deb"), "latin1");

  test("is left out with a warning, and the others are mirrored", async () => {
    const mirror = await openUpstream({ editIndex }, (suite) => suite.addPackage("strange", "1.0-1"));
    const { said, tree, asked, outcome } = await synced(mirror);
    expect(said).toMatch(
      /^A package is left out: listed under a path that is not UTF-8; clients that ask for it get 404:\ndists\/stable\/main\/binary-amd64\/Packages:\d+: strange 1\.0-1: pool\/main\/s\/strange\/%E9\.deb$/m,
    );
    expect(outcome).toMatchObject({ missing: [] });
    expect([...tree.keys()].filter((path) => path.endsWith(".deb"))).toEqual([deb]);
    expect(asked.filter((path) => path.endsWith(".deb"))).toEqual([`/${deb}`]);
    const again = await mirror.sync();
    expect(again.outcome).toMatchObject({ unchanged: true });
  });
});
