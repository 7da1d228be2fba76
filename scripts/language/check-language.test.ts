import { expect, test } from "vitest";
import { checkLanguage, titleLengthMax } from "./check-language.ts";
import { plainWords } from "./plain-words.ts";

test("names the line, the word and what to write instead", () => {
  expect(checkLanguage("a.md", "A file.\nA file that stands here.")).toEqual([
    { line: 2, says: '"stands": write is, exists, contains' },
  ]);
});

test.each([
  "It stood there.",
  "Written anew.",
  "Whoever reads it",
  "what befalls it",
  "heeds the signal",
  "and thereby more",
  "kept all the same",
  "even so, it fails",
  "/** Answers the path. */",
  "a sync brought nothing",
  "a list that tells of it",
  "the caller is told",
  "mends a tree",
  "what is to be linked",
  "be it a file",
  "all but for one",
  "for want of space",
  "two by turns",
  "in the place of a file",
  "nothing of ours",
  "is no URL",
  "cannot be had",
  "what came of it",
  "takes away the link",
  "asked once more",
  "upon a request",
])("finds a habit in %j", (text) => {
  expect(checkLanguage("a.md", text)).toHaveLength(1);
});

test.each([
  "DSA stands for Debian Security Advisory.",
  "There is no such file.",
  "It is no longer there.",
  'import { fetch } from "./bring-file.ts";',
  "the server answers 404",
  "understand, standard, outstanding, recommend, amend",
])("lets %j pass", (text) => {
  expect(checkLanguage("a.md", text)).toEqual([]);
});

test("has a word of advice in each row", () => {
  expect(plainWords.filter(({ instead }) => instead === "")).toEqual([]);
});

const long = "a".repeat(titleLengthMax + 1);

test.each([
  `test("${long}", () => {});`,
  `test.each([1])("${long}", () => {});`,
  `describe("x", () => {\n  test.skipIf(isRoot)(\n    "${long}",\n    () => {});\n});`,
])("finds a long title in %j", (text) => {
  expect(checkLanguage("a.test.ts", text).map(({ says }) => says)).toEqual([
    `a test title of ${titleLengthMax + 1} characters: at most ${titleLengthMax}`,
  ]);
});

test("lets other long texts pass", () => {
  const text = `describe("${long}", () => test("${long.slice(1)}", () => expect("${long}")));`;
  expect(checkLanguage("a.test.ts", text)).toEqual([]);
  expect(checkLanguage("a.ts", `test("${long}");`)).toEqual([]);
});
