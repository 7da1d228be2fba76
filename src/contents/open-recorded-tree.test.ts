import { expect, test } from "vitest";
import { clearsign, createSigningKey } from "../../test/support/index.ts";
import { memoryTree, noFilters, releaseText, stanzaOf } from "./contents.fixture.ts";
import { openRecordedTree, openUnrecordedTree, type TreeFacts } from "./index.ts";

const main = "main/binary-amd64/Packages";
const contrib = "contrib/binary-amd64/Packages";
const facts: TreeFacts = {
  suites: ["stable"],
  sections: ["main"],
  architectures: ["amd64"],
  source: false,
  kinds: { contents: true, translations: true, dep11: true, cnf: true, installer: true },
  filters: { keepVersions: 0, excludePatterns: ["^b$"] },
  allowWeak: false,
  missing: [`dists/stable/${main}.xz`],
  signatureFiles: {},
};

const text = stanzaOf("a", "1") + stanzaOf("b", "1");
const listed = { [main]: text, [`${main}.gz`]: "compressed", [`${main}.xz`]: "not there", [contrib]: text };
test("opens what the sync selected and filtered, in the forms that it downloaded", async () => {
  const inRelease = await clearsign(releaseText(listed), [await createSigningKey()]);
  const tree = memoryTree({
    "dists/stable/InRelease": inRelease,
    [`dists/stable/${main}.gz`]: text,
  });
  const contents = openRecordedTree(tree, facts);
  expect(
    contents.suites.map(({ suite, indices }) => [
      suite.name,
      indices.map(({ forms }) => forms.map((form) => form.path)),
    ]),
  ).toEqual([["stable", [[`dists/stable/${main}.gz`]]]]);
  const { plan } = await contents.listFiles();
  expect([...plan.files()].map(({ path }) => path)).toEqual(["pool/a_1.deb"]);
});

test("refuses other bytes of an index of which Release lists the compressed form alone", async () => {
  const release = { "dists/stable/Release": releaseText({ [`${main}.gz`]: text }) };
  const read = async (bytes: string): Promise<number> => {
    const tree = memoryTree({ ...release, [`dists/stable/${main}.gz`]: bytes });
    return (await Array.fromAsync(openRecordedTree(tree, facts).packages(["package"]))).length;
  };
  expect(await read(text)).toBe(2);
  const mismatch = { area: "trust", message: expect.stringContaining(`dists/stable/${main}.gz: `) };
  await expect(read(text.replace("Version: 1", "Version: 2"))).rejects.toMatchObject(mismatch);
  await expect(read(text.slice(0, -1))).rejects.toMatchObject(mismatch);
});

test("reads Release if there is no InRelease", () => {
  const detached = memoryTree({
    "dists/stable/Release": releaseText({ [main]: text }),
    [`dists/stable/${main}`]: text,
  });
  const contents = openRecordedTree(detached, facts);
  expect(contents.suites[0]?.indices.map(({ wanted }) => [wanted.section, wanted.architecture])).toEqual([
    ["main", "amd64"],
  ]);
});

test("fails if a Release cannot be read", () => {
  const damaged = memoryTree({ "dists/stable/InRelease": "damaged" });
  expect(() => openRecordedTree(damaged, facts)).toThrow(expect.objectContaining({ area: "trust" }));
});

test("opens every index of a tree that nobody recorded", () => {
  const tree = memoryTree({
    "dists/stable/Release": releaseText(listed),
    [`dists/stable/${main}`]: text,
    [`dists/stable/${contrib}`]: text,
  });
  const { suites } = openUnrecordedTree(tree, ["stable", "gone"], noFilters);
  expect(suites.map(({ suite, indices }) => [suite.name, indices.map(({ name }) => name)])).toEqual([
    ["stable", [`dists/stable/${main}`, `dists/stable/${contrib}`]],
  ]);
});

test("fails if the tree lacks the Release of a suite that its sync downloaded", () => {
  const tree = memoryTree({ "dists/stable/Release": releaseText({ [main]: text }) });
  expect(() => openRecordedTree(tree, { ...facts, suites: ["stable", "gone"] })).toThrow(
    expect.objectContaining({
      code: "RELEASE_MISSING",
      message: "the Release of gone is missing",
      facts: { suite: "gone" },
    }),
  );
});
