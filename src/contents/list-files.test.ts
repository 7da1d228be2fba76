import { describe, expect, test } from "vitest";
import { noFilters, openTree, stanzaOf, treeOf } from "./contents.fixture.ts";

const packages = "main/binary-amd64/Packages";

/** Lists the files of a suite with these indices. */
const list = (indices: Readonly<Record<string, string>>, reading = noFilters) =>
  openTree(treeOf({ stable: indices }), ["stable"], reading).listFiles();

const pathsOf = async (...args: Parameters<typeof list>) => {
  const { plan } = await list(...args);
  return [...plan.files()].map(({ path }) => path);
};

test("lists packages, sources and the images of the installer", async () => {
  const digest = "a".repeat(64);
  const source = `Package: hello\nVersion: 1.0\nDirectory: pool\nChecksums-Sha256:\n ${digest} 3 hello.dsc\n`;
  const images = "main/installer-amd64/current/images";
  const paths = await pathsOf({
    [packages]: stanzaOf("a", "1"),
    "main/source/Sources": source,
    [`${images}/SHA256SUMS`]: `${digest}  ./netboot/linux\n`,
    [`${images}/MD5SUMS`]: `${"b".repeat(32)}  ./netboot/other\n`,
  });
  expect(paths.toSorted()).toEqual([
    `dists/stable/${images}/netboot/linux`,
    "pool/a_1.deb",
    "pool/hello.dsc",
  ]);
});

test("leaves out a package whose path is not UTF-8, and says which index lists it", async () => {
  const text = stanzaOf("a", "1") + stanzaOf("b", "1").replace("pool/b", "pool/\xe9");
  const { plan, unnamed } = await list({ [packages]: text });
  expect(plan.count).toBe(1);
  expect(unnamed).toMatchObject([{ name: "b", source: `dists/stable/${packages}` }]);
});

test("refuses a package that would overwrite signed metadata", async () => {
  const text = stanzaOf("a", "1").replace("pool/a_1.deb", "dists/stable/InRelease");
  await expect(list({ [packages]: text })).rejects.toMatchObject({ code: "PATH_CONFLICT" });
});

describe("weak digests", () => {
  const weak = stanzaOf("a", "1").replace(/SHA256: \w+/, `MD5sum: ${"1".repeat(32)}`);

  test("are refused", async () => {
    await expect(list({ [packages]: weak })).rejects.toMatchObject({ code: "DIGEST_MISSING" });
  });

  test("are accepted with allowWeak", async () => {
    expect(await pathsOf({ [packages]: weak }, { ...noFilters, allowWeak: true })).toEqual(["pool/a_1.deb"]);
  });
});

describe("filters", () => {
  const keepOne = { ...noFilters, filters: { keepVersions: 1, excludePatterns: [] } };

  test("choose among the packages of all indices", async () => {
    const indices = { [packages]: stanzaOf("a", "1"), "contrib/binary-amd64/Packages": stanzaOf("a", "2") };
    const { plan, leftOut } = await list(indices, keepOne);
    expect([...plan.files()].map(({ path }) => path)).toEqual(["pool/a_2.deb"]);
    expect(leftOut.map(({ source, item }) => [source, item.version])).toEqual([
      [`dists/stable/${packages}`, "1"],
    ]);
  });

  test("choose among the versions of sources", async () => {
    const indices = {
      [packages]: ["1", "2"]
        .map((abi) => stanzaOf(`linux-image-${abi}`, `${abi}.1`, "Source: linux\n"))
        .join(""),
      "contrib/binary-amd64/Packages": stanzaOf("linux-tools", "7", "Source: linux (1.1)\n"),
    };
    const reading = { ...noFilters, filters: { ...noFilters.filters, keepSourceVersions: 1 } };
    expect(await pathsOf(indices, reading)).toEqual(["pool/linux-image-2_2.1.deb"]);
  });

  test("keep the newest version in the index of a variant, for its clients", async () => {
    const indices = {
      [packages]: stanzaOf("a", "2"),
      "main/binary-amd64v3/Packages": stanzaOf("a", "1"),
    };
    expect(await pathsOf(indices, keepOne)).toEqual(["pool/a_2.deb", "pool/a_1.deb"]);
  });
});
