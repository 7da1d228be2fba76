import { array, assert, asyncProperty, constantFrom, oneof, record, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import type { TreePlan } from "../../plan/index.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import { noFilters, openTree, stanzaOf, treeOf } from "../contents.fixture.ts";
import { listPlainly } from "./list-plainly.ts";
import { ListingRecorder } from "./listing-recorder.ts";

/** The text of each index of each suite. */
type Suites = Readonly<Record<string, Readonly<Record<string, string>>>>;

const amd64 = "main/binary-amd64/Packages";
const arm64 = "main/binary-arm64/Packages";

const filesOf = (plan: TreePlan) =>
  [...plan.files()].map(({ path, sizeBytes, digests, source }) => ({ path, sizeBytes, digests, source }));

const textsOf = (listings: ReturnType<ListingRecorder["finish"]>) =>
  listings?.map(({ parts, ...read }) => ({ ...read, text: parts.join("") }));

/** Checks that a tree is listed as a full list does it, and returns whether it is listed at all. */
async function check(suites: Suites): Promise<boolean> {
  const tree = treeOf(suites);
  const contents = openTree(tree, Object.keys(suites));
  const plainly = await listPlainly(tree, contents.suites, { ...noFilters, isCompared: true });
  if (plainly === undefined) return false;
  const recorder = new ListingRecorder();
  const { plan } = await contents.listFiles(recorder);
  expect(filesOf(plainly)).toEqual(filesOf(plan));
  expect([plainly.count, plainly.sizeBytes]).toEqual([plan.count, plan.sizeBytes]);
  expect(textsOf(plainly.listings)).toEqual(textsOf(recorder.finish()));
  return true;
}

const many = Array.from({ length: 100 }, (_, index) => stanzaOf(`p${index}`, "1"));
const thousands = Array.from({ length: 6_000 }, (_, index) => stanzaOf(`q${index}`, "1")).join("");
const stable = (text: string): Suites => ({ stable: { [amd64]: text } });

describe("lists plainly", () => {
  test.each<[string, Suites]>([
    ["an index", stable(many.join(""))],
    ["a text without a last line feed", stable(many.join("").trimEnd())],
    ["more empty lines", stable(`\n${many.join("\n")}\n`)],
    [
      "an empty index, and others",
      { stable: { [amd64]: "", [arm64]: many.join("") }, updates: { [amd64]: "" } },
    ],
    [
      "packages of two indices",
      { stable: { [amd64]: many.join(""), [arm64]: many.toSpliced(3, 5).toReversed().join("") } },
    ],
    ["one package twice in an index", stable(many.join("") + many.slice(7, 9).join(""))],
    ["no index at all", { stable: { "main/Contents-amd64": "text" } }],
    ["thousands of packages, in two indices", { stable: { [amd64]: thousands, [arm64]: thousands } }],
  ])("%s", async (_, suites) => {
    expect(await check(suites)).toBe(true);
  });
});

describe("leaves to a full list", () => {
  const withPath = (path: string): Suites =>
    stable(many.with(50, stanzaOf("p50", "2").replace("pool/p50_2.deb", path)).join(""));

  test.each<[string, Suites]>([
    ["a mistake in a stanza", stable(many.with(50, "Package: x\n\n").join(""))],
    ["a path with two digests", withPath("pool/p51_1.deb")],
    ["a path with two sizes", stable(many.join("") + many[3]?.replace("Size: 7", "Size: 8"))],
    ["a path of signed metadata", withPath("dists/stable/InRelease")],
    ["a path beside signed metadata", withPath("dists/stable/pool/x.deb")],
    ["a path above signed metadata", withPath("dists")],
    [
      "a digest that lines do not have",
      stable(many.join("").replace(/SHA256: \w+/, `SHA512: ${"a".repeat(128)}`)),
    ],
    ["sources", { stable: { [amd64]: many.join(""), "main/source/Sources": "" } }],
    [
      "images of the installer",
      { stable: { [amd64]: "", "main/installer-amd64/current/images/SHA256SUMS": "" } },
    ],
    ["a flat suite", { "sub/": { Packages: many.join("") } }],
    ["a flat suite at the base", { "./": { Packages: many.join("") } }],
    [
      "more empty lines than stanzas are compared with",
      stable(`${many[0]}${"\n".repeat(5 << 20)}${many[1]}`),
    ],
  ])("%s", async (_, suites) => {
    expect(await check(suites)).toBe(false);
  });

  test("filters, which choose among all packages", async () => {
    const tree = treeOf(stable(many.join("")));
    const { suites } = openTree(tree, ["stable"]);
    for (const filters of [
      { keepVersions: 1, excludePatterns: [] },
      { keepVersions: 0, excludePatterns: [/^p1$/] },
    ])
      expect(await listPlainly(tree, suites, { filters, isCompared: true })).toBeUndefined();
    expect(tree.reads).toEqual([]);
  });
});

test("lists a path that only begins as a directory of metadata does", async () => {
  expect(await check(stable(stanzaOf("p", "1").replace("pool/", "distsx/")))).toBe(true);
});

test("refuses an index that is not what Release lists", async () => {
  const { suites } = openTree(treeOf(stable(many.join(""))), ["stable"]);
  const other = treeOf(stable(many.with(50, stanzaOf("p50", "3")).join("")));
  const listed = listPlainly(other, suites, { ...noFilters, isCompared: true });
  await expect(listed).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
});

test("lists the same files for a dry run, without the blocks of an index", async () => {
  const tree = treeOf(stable(thousands));
  const { suites } = openTree(tree, ["stable"]);
  const compared = await listPlainly(tree, suites, { ...noFilters, isCompared: true });
  const planned = await listPlainly(tree, suites, { ...noFilters, isCompared: false });
  expect(compared?.listings).toMatchObject([{ blocks: expect.stringMatching(/^[0-9a-f]{800,}$/) }]);
  expect(planned?.listings).toEqual(compared?.listings.map((listing) => ({ ...listing, blocks: "" })));
});

const named = (path: string): string => stanzaOf("p", path).replace(/^Filename.*/m, `Filename: ${path}`);

test("tells paths apart whose hashes are equal", async () => {
  // FNV-1a, 32 bits: a collision that is known.
  expect(await check(stable(named("costarring") + named("liquid") + named("costarring")))).toBe(true);
});

test("lists what a full list lists, or nothing", async () => {
  const known = tuple(constantFrom("a", "b", "c", "d", "e"), constantFrom("1", "2")).map(([name, version]) =>
    stanzaOf(name, version),
  );
  const odd = constantFrom(
    "\n",
    stanzaOf("a", "1").replace("Size: 7", "Size: 8"),
    stanzaOf("b", "1").replace(/SHA256: \w+/, `SHA256: ${digestsOf(Buffer.from("x")).sha256}`),
    stanzaOf("c", "1").replace("pool/", "dists/"),
    stanzaOf("d", "1").trimEnd(),
    stanzaOf("e", "1").replaceAll("\n", " \n"),
  );
  const packages = array(oneof({ weight: 12, arbitrary: known }, odd), { maxLength: 8 }).map((all) =>
    all.join(""),
  );
  const suite = record({ [amd64]: packages, [arm64]: packages }, { requiredKeys: [amd64] });
  let listed = 0;
  await assert(
    asyncProperty(suite, suite, async (one, two) => {
      if (await check({ stable: one, updates: two })) listed++;
    }),
    { numRuns: 500 },
  );
  expect(listed).toBeGreaterThan(50);
});
