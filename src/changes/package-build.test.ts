import { describe, expect, test } from "vitest";
import { StanzaReader } from "../repository/index.ts";
import { build } from "./changes.fixture.ts";
import { readBinaryBuild, readSourceBuild, sourceOf, sourcePaths } from "./index.ts";

function stanzaOf(text: string) {
  const [stanza] = new StanzaReader("test").push(Buffer.from(`${text}\n\n`));
  if (stanza === undefined) throw new Error("no stanza");
  return stanza;
}

describe("the source of a package", () => {
  test.each([
    [undefined, { name: "a", version: "1" }],
    ["s", { name: "s", version: "1" }],
    ["s (2:3-4)", { name: "s", version: "2:3-4" }],
  ])("with Source %s", (sourceField, source) => {
    expect(sourceOf(build("a 1", { sourceField }))).toEqual(source);
  });
});

test("a package is read with its variant, its SHA-256 and what was built in", () => {
  const text =
    "Package: a\nVersion: 1\nArchitecture: amd64\nArchitecture-Variant: amd64v3\nSource: s (2)\nMD5sum: 11\nSHA256: AB\n" +
    "Built-Using: x (= 1)\nStatic-Built-Using: y (= 2)";
  expect(readBinaryBuild(stanzaOf(text))).toEqual({
    name: "a",
    version: "1",
    architecture: "amd64",
    variant: "amd64v3",
    sourceField: "s (2)",
    digest: "ab",
    builtUsing: "x (= 1), y (= 2)",
  });
});

const sourceStanza = (directory: string) =>
  stanzaOf(
    `Package: a\nVersion: 1\nDirectory: ${directory}\nChecksums-Sha256:\n 11 5 a_1.tar.xz\n 22 6 a_1.dsc\nFiles:\n 33 6 a_1.dsc`,
  );

describe("a source package", () => {
  test("is identified by the digest of its .dsc, which lists the others", () => {
    expect(readSourceBuild(sourceStanza("pool/a"))).toMatchObject({
      name: "a",
      architecture: "source",
      digest: "22",
    });
  });

  test.each(["pool/a", "./pool/a/"])("has its files in %s", (directory) => {
    expect(sourcePaths(sourceStanza(directory))).toEqual(["pool/a/a_1.tar.xz", "pool/a/a_1.dsc"]);
  });

  test.each([".", "/", ""])("has its files at the base if the directory is %j", (directory) => {
    expect(sourcePaths(sourceStanza(directory))).toEqual(["a_1.tar.xz", "a_1.dsc"]);
  });
});
