import { posix } from "node:path";
import { array, assert, asyncProperty, constantFrom, dictionary, oneof, record, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { differenceOf, type IndexListing, type TreePlan } from "../../plan/index.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import { type MemoryTree, memoryTree, noFilters, openTree, stanzaOf, treeOf } from "../contents.fixture.ts";
import type { ContentsReading } from "../contents.ts";
import { digestOf, readBlocks } from "./index-blocks.ts";
import { type EarlierListing, listChanges } from "./list-changes.ts";
import { ListingRecorder } from "./listing-recorder.ts";

/** The text of each index of each suite. */
type Suites = Readonly<Record<string, Readonly<Record<string, string>>>>;

const amd64 = "main/binary-amd64/Packages";
const arm64 = "main/binary-arm64/Packages";
const sources = "main/source/Sources";

/** Most stanzas here are a block. */
const blockBytes = 60;

/** Lists all files of a tree, and records how. */
async function list(suites: Suites, reading: ContentsReading = noFilters, bytesMin = blockBytes) {
  const tree = treeOf(suites);
  const contents = openTree(tree, Object.keys(suites), reading);
  const recorder = new ListingRecorder(bytesMin);
  const { plan } = await contents.listFiles(recorder);
  return { plan, listings: recorder.finish() };
}

/** Returns a listing as a later sync reads it. */
function earlierListing({ count, sizeBytes }: TreePlan, listings: readonly IndexListing[]): EarlierListing {
  let text = "header\n";
  const indices = listings.map(({ parts, ...index }) => {
    const start = text.length;
    text += parts.join("");
    return { ...index, start, end: text.length };
  });
  return { text, indices, count, sizeBytes };
}

async function listEarlier(suites: Suites, reading: ContentsReading = noFilters): Promise<EarlierListing> {
  const { plan, listings } = await list(suites, reading);
  if (listings === undefined) throw new Error("these indices cannot be compared");
  return earlierListing(plan, listings);
}

function listLater(suites: Suites, earlier: EarlierListing, reading: ContentsReading = noFilters) {
  const tree = treeOf(suites);
  return listChanges(tree, openTree(tree, Object.keys(suites), reading).suites, reading, earlier);
}

const linesOf = (listings: readonly IndexListing[] | undefined) =>
  listings?.map(({ parts, ...index }) => ({ ...index, blocks: undefined, text: parts.join("") }));

const filesOf = (plan: TreePlan) =>
  [...plan.files()].map(({ path, sizeBytes, digests, source }) => ({ path, sizeBytes, digests, source }));

const byPath = <File extends { readonly path: string }>(files: readonly File[]): readonly File[] =>
  files.toSorted((a, b) => (a.path < b.path ? -1 : 1));

/** Checks that a later version is listed as if all of it was read, and returns whether only changes were. */
async function check(before: Suites, after: Suites): Promise<boolean> {
  const held = await list(before);
  if (held.listings === undefined) return false;
  const full = await list(after).catch(() => undefined);
  const changes = await listLater(after, earlierListing(held.plan, held.listings));
  if (changes === undefined) return false;
  if (full === undefined) throw new Error("what a full list refuses is not listed by changes");
  const { plan, gone, added } = changes;
  expect(filesOf(plan)).toEqual(filesOf(full.plan));
  expect([plan.count, plan.sizeBytes]).toEqual([full.plan.count, full.plan.sizeBytes]);
  expect(linesOf(plan.listings)).toEqual(linesOf(full.listings));
  for (const { name, blocks } of plan.listings) expectBlocks(blocks, textOf(after, name));
  const heldFiles = [...held.plan.files()].map(({ path, sizeBytes, digests }) => {
    return { path, sizeBytes, sha256: digests.sha256 as never };
  });
  const difference = differenceOf(heldFiles, full.plan);
  expect(byPath(gone)).toEqual(byPath(difference.gone));
  expect(byPath(added).map(({ path, digests }) => [path, digests])).toEqual(
    byPath(difference.added).map(({ path, digests }) => [path, digests]),
  );
  return true;
}

const textOf = (suites: Suites, name: string): string =>
  Object.entries(suites)
    .flatMap(([suite, indices]) =>
      Object.entries(indices).map(([index, text]) => [posix.join(suite, index), text] as const),
    )
    .find(([path]) => name.endsWith(path))?.[1] ?? "";

function expectBlocks(blocks: string, text: string): void {
  const bytes = Buffer.from(text, "latin1");
  let at = 0;
  for (const block of readBlocks(blocks))
    expect(block.sha256).toBe(digestOf(bytes.subarray(at, (at += block.bytes))));
  expect(at).toBe(bytes.length);
}

const many = Array.from({ length: 100 }, (_, index) => stanzaOf(`p${index}`, "1"));
const manyIn = (index: string, stanzas = many): Suites => ({ stable: { [index]: stanzas.join("") } });

/** A source package of two files. */
const sourceOf = (name: string, version: string, names = ["dsc", "tar.xz"]): string => {
  const digest = digestsOf(Buffer.from(name + version)).sha256;
  const files = names.map((suffix) => ` ${digest} 5 ${name}_${version}.${suffix}\n`);
  return `Package: ${name}\nVersion: ${version}\nDirectory: pool\nChecksums-Sha256:\n${files.join("")}\n`;
};

describe("lists by changes", () => {
  test.each<[string, Suites, Suites]>([
    ["a new version", manyIn(amd64), manyIn(amd64, many.with(50, stanzaOf("p50", "2")))],
    ["a package that came", manyIn(amd64), manyIn(amd64, [stanzaOf("new", "1"), ...many])],
    ["a package that is gone", manyIn(amd64), manyIn(amd64, many.toSpliced(50, 1))],
    ["a package that moved", manyIn(amd64), manyIn(amd64, [...many.slice(50), ...many.slice(0, 50)])],
    ["another description", manyIn(amd64), manyIn(amd64, many.with(9, stanzaOf("p9", "1", "Section: x\n")))],
    [
      "a package with the same path and other bytes",
      manyIn(amd64),
      manyIn(amd64, many.with(9, stanzaOf("p9", "1").replace(/SHA256: \w+/, `SHA256: ${"a".repeat(64)}`))),
    ],
    ["nothing new", manyIn(amd64), manyIn(amd64)],
    ["an index that came", manyIn(amd64), { stable: { ...manyIn(amd64)["stable"], [arm64]: many.join("") } }],
    ["an index that is gone", { stable: { [amd64]: many.join(""), [arm64]: many[7] ?? "" } }, manyIn(amd64)],
    [
      "a package of two indices",
      { stable: { [amd64]: many.join(""), [arm64]: many.join("") } },
      {
        stable: {
          [amd64]: many.with(5, stanzaOf("p5", "2")).join(""),
          [arm64]: many.with(5, stanzaOf("p5", "2")).join(""),
        },
      },
    ],
    ["an empty index", { stable: { [amd64]: many.join(""), [arm64]: "" } }, manyIn(amd64, many.slice(1))],
    [
      "a text without a last line feed",
      manyIn(amd64, [many.join("").trimEnd()]),
      manyIn(amd64, [many.with(9, stanzaOf("p9", "2")).join("").trimEnd()]),
    ],
    [
      "sources, some without files",
      manyIn(sources, [sourceOf("a", "1"), sourceOf("b", "1", []), sourceOf("c", "1")]),
      manyIn(sources, [sourceOf("a", "2"), sourceOf("b", "1", []), sourceOf("c", "1")]),
    ],
  ])("%s", async (_, before, after) => {
    expect(await check(before, after)).toBe(true);
  });
});

describe("reads everything", () => {
  const before = manyIn(amd64);
  const withPath = (path: string) =>
    manyIn(amd64, many.with(50, stanzaOf("p50", "2").replace("pool/p50_2.deb", path)));

  test.each<[string, Suites]>([
    ["for a mistake in a stanza", manyIn(amd64, many.with(50, "Package: x\n\n"))],
    ["for a path at which there are two contents", withPath("pool/p51_1.deb")],
    ["for a path of signed metadata", withPath("dists/stable/InRelease")],
    [
      "for a path that is not UTF-8",
      manyIn(
        amd64,
        many.toSpliced(50, 0, stanzaOf("q", "1").replace("pool/", "pool/\xe9"), stanzaOf("r", "1")),
      ),
    ],
    [
      "for a digest that lines do not have",
      manyIn(amd64, many.with(50, stanzaOf("p50", "2").replace(/SHA256: \w+/, `SHA512: ${"a".repeat(128)}`))),
    ],
    [
      "for images of the installer",
      { stable: { ...before["stable"], "main/installer-amd64/current/images/SHA256SUMS": "" } },
    ],
  ])("%s", async (_, after) => {
    expect(await listLater(after, await listEarlier(before))).toBeUndefined();
  });

  test("if a path whose first index has lost it is in a later one that has not changed", async () => {
    const earlier = await listEarlier({ stable: { [amd64]: many.join(""), [arm64]: many.join("") } });
    const after = { stable: { [amd64]: many.slice(1).join(""), [arm64]: many.join("") } };
    expect(await listLater(after, earlier)).toBeUndefined();
  });

  test("for a source without files before one that has not changed", async () => {
    const [a, b, c] = [sourceOf("a", "1"), sourceOf("b", "1", []), sourceOf("c", "1")];
    expect(
      await listLater(manyIn(sources, [a, b, c]), await listEarlier(manyIn(sources, [a, c, c]))),
    ).toBeUndefined();
  });

  test("if indices are in another order", async () => {
    const suites = { one: { [amd64]: many.join("") }, two: { [amd64]: many.slice(1).join("") } };
    const earlier = await listEarlier(suites);
    expect(await listLater({ two: suites.two, one: suites.one }, earlier)).toBeUndefined();
    expect(await listLater(suites, earlier)).toBeDefined();
  });

  test("if the new Release lists metadata at the path of a package", async () => {
    const flat = { Packages: many.join("") };
    const earlier = await listEarlier({ "./": flat });
    expect(await listLater({ "./": { ...flat, other: "text" } }, earlier)).toBeDefined();
    expect(await listLater({ "./": { ...flat, "pool/p9_1.deb": "text" } }, earlier)).toBeUndefined();
  });

  test("with filters, which choose among all packages", async () => {
    const reading = { ...noFilters, filters: { keepVersions: 1, excludePatterns: [] } };
    expect((await list(before, reading)).listings).toBeUndefined();
    expect(await listLater(before, await listEarlier(before), reading)).toBeUndefined();
  });

  test("for more empty lines than stanzas are compared with", async () => {
    const after = manyIn(amd64, many.toSpliced(50, 0, "\n".repeat(5 << 20)));
    expect(await listLater(after, await listEarlier(before))).toBeUndefined();
    expect((await list(after, noFilters, 8 << 10)).listings).toBeUndefined();
  });

  test("of a flat suite with a directory of its own", async () => {
    const flat = { "sub/": { Packages: many.join("") } };
    expect(await listLater(flat, await listEarlier(flat))).toBeUndefined();
  });
});

test("refuses a later index that is not what Release lists", async () => {
  const after = treeOf(manyIn(amd64, many.with(50, stanzaOf("p50", "2"))));
  const { suites } = openTree(after, ["stable"]);
  const other = treeOf(manyIn(amd64, many.with(50, stanzaOf("p50", "3"))));
  const earlier = await listEarlier(manyIn(amd64));
  await expect(listChanges(other, suites, noFilters, earlier)).rejects.toMatchObject({
    code: "DIGEST_MISMATCH",
  });
});

test("refuses a digest that is wrong today, of decompressed bytes that are the same", async () => {
  const text = many.join("");
  const { sha256 } = digestsOf(Buffer.from(text));
  const packed = `${"a".repeat(64)} 9 ${amd64}.gz`;
  const treeWith = (md5: string): MemoryTree =>
    memoryTree({
      "dists/stable/InRelease": `MD5Sum:\n ${md5} ${text.length} ${amd64}\nSHA256:\n ${sha256} ${text.length} ${amd64}\n ${packed}\n`,
      [`dists/stable/${amd64}.gz`]: text,
    });
  const before = treeWith(digestsOf(Buffer.from(text), { md5: "" }).md5 ?? "");
  const recorder = new ListingRecorder();
  const { plan } = await openTree(before, ["stable"]).listFiles(recorder);
  const after = treeWith("1".repeat(32));
  const { suites } = openTree(after, ["stable"]);
  await expect(
    listChanges(after, suites, noFilters, earlierListing(plan, recorder.finish() ?? [])),
  ).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
});

test("reads no form of an empty index, for which a program may be missing", async () => {
  const tree = { ...treeOf({ stable: { [amd64]: "" } }), missingProgram: () => "lz4" };
  const recorder = new ListingRecorder();
  expect((await openTree(tree, ["stable"]).listFiles(recorder)).plan.count).toBe(0);
  expect(recorder.finish()).toMatchObject([{ name: `dists/stable/${amd64}`, parts: [] }]);
});

test("lists what a full list lists, or nothing, whatever changes", async () => {
  const version = constantFrom("1", "2");
  const name = constantFrom("a", "b", "c", "d", "e");
  const known = tuple(name, version).map(([one, two]) => stanzaOf(one, two));
  const other = tuple(name, version).map(([one, two]) =>
    stanzaOf(one, two, "Section: x\n").replace("\n", "\r\n"),
  );
  const odd = constantFrom(
    "\n",
    "\r\n\r\n",
    stanzaOf("a", "1").replace(/SHA256: \w+/, `SHA512: ${"a".repeat(128)}`),
    stanzaOf("b", "1").replace("Size: 7", "Size: 8"),
    stanzaOf("c", "1").replace("pool/", "dists/stable/"),
    stanzaOf("d", "1").trimEnd(),
    stanzaOf("e", "1").replaceAll("\n", "\r\n"),
  );
  const packages = array(oneof({ weight: 12, arbitrary: known }, { weight: 2, arbitrary: other }, odd), {
    maxLength: 12,
  });
  const source = tuple(name, version, constantFrom(["dsc"], ["dsc", "tar.xz"], []));
  const sourceList = array(
    source.map(([one, two, names]) => sourceOf(one, two, [...names])),
    { maxLength: 6 },
  );
  const suite = record(
    { [amd64]: packages, [arm64]: packages, [sources]: sourceList },
    { requiredKeys: [amd64] },
  );
  const edits = dictionary(
    constantFrom(amd64, arm64, sources),
    record({ at: constantFrom(0, 1, 5), gone: constantFrom(0, 1, 2), come: packages }),
  );
  let byChanges = 0;
  await assert(
    asyncProperty(suite, suite, edits, async (one, two, changes) => {
      const before = { stable: joined(one), updates: joined(two) };
      const edited = Object.entries(one).map(([index, stanzas]) => {
        const { at, gone, come } = changes[index] ?? { at: 0, gone: 0, come: [] };
        return [index, stanzas.toSpliced(at, gone, ...(index === sources ? [] : come))];
      });
      const after = { stable: joined(Object.fromEntries(edited)), updates: joined(two) };
      if (await check(before, after).catch(ifRefused)) byChanges++;
    }),
    { numRuns: 1_000 },
  );
  expect(byChanges).toBeGreaterThan(100);
});

const joined = (indices: Readonly<Record<string, readonly string[] | undefined>>) =>
  Object.fromEntries(Object.entries(indices).map(([name, stanzas = []]) => [name, stanzas.join("")]));

/** What cannot be listed at first has no later version. */
function ifRefused(error: unknown): boolean {
  if (error instanceof Error && "code" in error && error.name === "RepositoryError") return false;
  throw error;
}
