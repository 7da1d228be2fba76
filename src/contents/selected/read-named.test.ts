import { assert, asyncProperty, constantFrom, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import { type FieldName, parseSourceField } from "../../repository/index.ts";
import { openTree, stanzaOf, treeOf } from "../contents.fixture.ts";
import { readNamed } from "./read-named.ts";
import { twoVersions } from "./selected.fixture.ts";

const name = "main/binary-amd64/Packages";
const fields = ["package", "source", "version", "sha256"] as const;

function open(text: string) {
  const contents = openTree(treeOf({ stable: { [name]: text } }), ["stable"]);
  const [index] = contents.suites.flatMap(({ indices }) => indices);
  if (index === undefined) throw new Error("the tree has an index");
  return { contents, index };
}

const fieldsOf = (stanza: { get(field: FieldName): string | undefined }) =>
  fields.map((field) => stanza.get(field));

/** Reads the stanzas that a source of one of these names has; those of others that came too do not count. */
async function readSources(text: string, words: ReadonlySet<string>) {
  const { contents, index } = open(text);
  const selection = { fields: ["source", "package"], words } as const;
  const named = (await Array.fromAsync(readNamed({ tree: contents.tree, index }, fields, selection))).map(
    fieldsOf,
  );
  const all = (await Array.fromAsync(contents.packages(fields, index))).map(({ stanza }) => fieldsOf(stanza));
  const isWanted = ([packageName = "", source = ""]: readonly (string | undefined)[]): boolean =>
    words.has(parseSourceField(source).name ?? packageName);
  return { named, wanted: named.filter(isWanted), all, wantedOfAll: all.filter(isWanted) };
}

describe("the stanzas of some sources", () => {
  test("are those that reading everything finds, in their order", async () => {
    const words = uniqueArray(constantFrom("a", "b", "other"), { minLength: 1 });
    await assert(
      asyncProperty(twoVersions, words, async ([text], wanted) => {
        const { wanted: found, wantedOfAll } = await readSources(text, new Set(wanted));
        expect(found).toEqual(wantedOfAll);
      }),
      { numRuns: 1_000 },
    );
  });

  test("are all that is read of a long index", async () => {
    const text = Array.from({ length: 3_000 }, (_, nth) =>
      stanzaOf(`p${nth}`, "1", nth % 1_000 === 7 ? "Source: s (2)\n" : "Source: t\n"),
    ).join("");
    const { named, all } = await readSources(text, new Set(["s"]));
    expect(named.map(([packageName]) => packageName)).toEqual(["p7", "p1007", "p2007"]);
    expect(all).toHaveLength(3_000);
  });

  test("are not read of an index with other bytes than Release lists", async () => {
    const { contents, index } = open(stanzaOf("a", "1"));
    const { tree } = contents;
    const forged = {
      ...tree,
      async *decompress() {
        yield Buffer.from(stanzaOf("a", "2"));
      },
    };
    const selection = { fields: ["package"], words: new Set(["a"]) } as const;
    await expect(
      Array.fromAsync(readNamed({ tree: forged, index }, fields, selection)),
    ).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
    });
  });
});
