import { describe, expect, test, vi } from "vitest";
import { normalizePath, Suite } from "../repository/index.ts";
import { memoryTree, noFilters, openTree, releaseText, stanzaOf, treeOf } from "./contents.fixture.ts";

const packages = "main/binary-amd64/Packages";
const sources = "main/source/Sources";
const contents = "main/Contents-amd64";
const source = `Package: hello\nVersion: 1.0\nDirectory: pool\nChecksums-Sha256:\n ${"a".repeat(64)} 3 hello.dsc\n`;

const twoSuites = () =>
  treeOf({
    stable: { [packages]: stanzaOf("a", "1", "Depends: b (>= 2), c\n"), [sources]: source, [contents]: "x" },
    updates: { [packages]: stanzaOf("b", "2") + stanzaOf("c", "3", "Provides: x\n") },
  });

const namesOf = async (files: AsyncIterable<{ readonly path: string }>) =>
  (await Array.fromAsync(files)).map(({ path }) => path);

describe("packages", () => {
  test("have the chosen fields, and the index that lists them", async () => {
    const opened = openTree(twoSuites(), ["stable", "updates"]);
    const found = await Array.fromAsync(opened.packages(["package", "depends", "provides"]));
    expect(
      found.map(({ index, stanza }) => [
        index.suite.name,
        index.name,
        stanza.get("package"),
        stanza.get("depends"),
      ]),
    ).toEqual([
      ["stable", `dists/stable/${packages}`, "a", "b (>= 2), c"],
      ["updates", `dists/updates/${packages}`, "b", undefined],
      ["updates", `dists/updates/${packages}`, "c", undefined],
    ]);
  });

  test("are read from their indices alone, each once", async () => {
    const tree = twoSuites();
    const opened = openTree(tree, ["stable", "updates"]);
    await Array.fromAsync(opened.packages(["package"]));
    expect(tree.reads).toEqual([`dists/stable/${packages}`, `dists/updates/${packages}`]);
  });

  test("of one index are read from that index alone", async () => {
    const tree = twoSuites();
    const opened = openTree(tree, ["stable", "updates"]);
    const index = opened.suites[1]?.indices[0];
    const found = await Array.fromAsync(opened.packages(["package"], index));
    expect(found.map(({ stanza }) => stanza.get("package"))).toEqual(["b", "c"]);
    expect(tree.reads).toEqual([`dists/updates/${packages}`]);
    expect(await Array.fromAsync(opened.sources(["package"], index))).toEqual([]);
  });

  test("cost a string for each chosen field, and none for the others", async () => {
    const others = Array.from({ length: 20 }, (_, at) => `Field-${at}: value\n`).join("");
    const text = Array.from({ length: 500 }, (_, at) => stanzaOf(`p${at}`, "1", others)).join("");
    const opened = openTree(treeOf({ stable: { [packages]: text } }), ["stable"]);
    const made = vi.spyOn(Buffer.prototype, "toString");
    const found = await Array.fromAsync(opened.packages(["package", "version"]));
    const values = made.mock.calls.filter(([, start]) => start !== undefined); // without those of whole chunks
    made.mockRestore();
    expect([found.length, values.length]).toEqual([500, 2 * 500]);
  });

  test("include those that filters leave out", async () => {
    const tree = treeOf({ stable: { [packages]: stanzaOf("a", "1") + stanzaOf("a", "2") } });
    const filters = { keepVersions: 1, excludePatterns: [] };
    const opened = openTree(tree, ["stable"], { ...noFilters, filters });
    expect(await Array.fromAsync(opened.packages(["version"]))).toHaveLength(2);
    expect((await opened.listFiles()).leftOut).toHaveLength(1);
  });

  test("are not read from an index with other bytes than Release lists", async () => {
    const good = stanzaOf("a", "1");
    const tree = treeOf({ stable: { [packages]: good } });
    const bad = memoryTree({
      "dists/stable/InRelease": releaseText({ [packages]: good }),
      [`dists/stable/${packages}`]: good.replace("Package: a", "Package: b"),
    });
    expect(await Array.fromAsync(openTree(tree, ["stable"]).packages(["package"]))).toHaveLength(1);
    await expect(Array.fromAsync(openTree(bad, ["stable"]).packages(["package"]))).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
    });
  });
});

test("sources are read like packages, from Sources alone", async () => {
  const tree = twoSuites();
  const found = await Array.fromAsync(
    openTree(tree, ["stable", "updates"]).sources(["package", "directory"]),
  );
  expect(found.map((record) => record.stanza.get("directory"))).toEqual(["pool"]);
  expect(tree.reads).toEqual([`dists/stable/${sources}`]);
});

describe("files", () => {
  test("are signature files, indices and what these list", async () => {
    expect(await namesOf(openTree(twoSuites(), ["stable", "updates"]).files())).toEqual([
      "dists/stable/InRelease",
      `dists/stable/${packages}`,
      `dists/stable/${sources}`,
      `dists/stable/${contents}`,
      "dists/updates/InRelease",
      `dists/updates/${packages}`,
      "pool/a_1.deb",
      "pool/hello.dsc",
      "pool/b_2.deb",
      "pool/c_3.deb",
    ]);
  });

  test("include the names of indices by digest, if clients request these", async () => {
    const text = stanzaOf("a", "1");
    const tree = treeOf({ stable: { [packages]: text } }, { fields: "Acquire-By-Hash: yes\n" });
    const paths = await namesOf(openTree(tree, ["stable"]).files());
    expect(paths).toContainEqual(
      expect.stringMatching(/^dists\/stable\/main\/binary-amd64\/by-hash\/SHA256\//),
    );
  });

  test("are each listed once, even if two indices share a name by digest", async () => {
    const indices = {
      [packages]: stanzaOf("a", "1"),
      "main/i18n/Translation-de": "text",
      "main/i18n/Translation-en": "text",
    };
    const tree = treeOf({ stable: indices }, { fields: "Acquire-By-Hash: yes\n" });
    const paths = await namesOf(openTree(tree, ["stable"]).files());
    expect(paths.filter((path) => path.includes("i18n/by-hash/"))).toHaveLength(1);
    expect([paths.length, new Set(paths).size]).toEqual([7, 7]);
  });

  test("have their size and every listed digest", async () => {
    const files = await Array.fromAsync(openTree(twoSuites(), ["stable"]).files());
    expect(files).toContainEqual({
      path: "pool/hello.dsc",
      sizeBytes: 3,
      digests: { sha256: "a".repeat(64) },
    });
    for (const { digests } of files) expect(digests.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("leave out what upstream lacked, and what the filters leave out", async () => {
    const tree = treeOf({
      stable: { [packages]: ["1", "2", "3"].map((version) => stanzaOf("a", version)).join("") },
    });
    const reading = {
      ...noFilters,
      filters: { keepVersions: 2, excludePatterns: [] },
      missing: ["pool/a_3.deb"],
    };
    const paths = await namesOf(openTree(tree, ["stable"], reading).files());
    expect(paths.filter((path) => path.endsWith(".deb"))).toEqual(["pool/a_2.deb"]);
  });
});

describe("the paths of a flat suite", () => {
  const text = stanzaOf("a", "1");
  test.each([
    ["at the base", { "pool/a_1.deb": "a" }, "pool/a_1.deb"],
    ["below the suite", { "sub/pool/a_1.deb": "a" }, "sub/pool/a_1.deb"],
    ["at the base, as for apt, if the tree has none of them", {}, "pool/a_1.deb"],
  ])("are %s", async (_where, others, path) => {
    const tree = treeOf({ "sub/": { Packages: text } }, others);
    const { plan } = await openTree(tree, ["sub/"]).listFiles();
    expect([...plan.files()].map((file) => file.path)).toEqual([path]);
  });

  test("are where the caller finds them", async () => {
    const reading = { ...noFilters, findBase: () => normalizePath("sub") };
    const { plan } = await openTree(treeOf({ "sub/": { Packages: text } }), ["sub/"], reading).listFiles();
    expect(plan.has("sub/pool/a_1.deb")).toBe(true);
  });
});

const keysOf = (suites: Parameters<typeof treeOf>[0]) => {
  const tree = treeOf(suites);
  const opened = openTree(tree, Object.keys(suites));
  expect(tree.reads).toEqual([]);
  return opened.suites.flatMap(({ indices }) => indices.map(({ contentKey }) => contentKey));
};

describe("the content key of an index", () => {
  test("is the same for the same bytes in other suites, without reading them", () => {
    const [one, other] = keysOf({
      stable: { [packages]: stanzaOf("a", "1") },
      "x/": { Packages: stanzaOf("a", "1") },
    });
    expect(one).toBe(other);
  });

  test("differs for other bytes", () => {
    const [one, other] = keysOf({
      stable: { [packages]: stanzaOf("a", "1") },
      updates: { [packages]: stanzaOf("a", "2") },
    });
    expect(one).not.toBe(other);
  });

  test("is that of the uncompressed form, whichever form the tree holds", () => {
    const text = stanzaOf("a", "1");
    const listed = releaseText({
      [packages]: text,
      [`${packages}.gz`]: "compressed",
      [`${packages}.xz`]: "more",
    });
    const trees = [packages, `${packages}.gz`, `${packages}.xz`].map((name) =>
      memoryTree({ "dists/stable/InRelease": listed, [`dists/stable/${name}`]: text }),
    );
    const keys = trees.map((tree) => openTree(tree, ["stable"]).suites[0]?.indices[0]?.contentKey);
    expect(new Set(keys).size).toBe(1);
  });
});

test("a tree without Packages of a suite has no index of it", () => {
  const tree = memoryTree({ "dists/stable/InRelease": releaseText({ [packages]: "" }) });
  expect(openTree(tree, ["stable"]).suites).toMatchObject([{ suite: new Suite("stable"), indices: [] }]);
});
