import { describe, expect, test } from "vitest";
import { parseChangelog } from "./parse-changelog.ts";

const parse = (text: string | Uint8Array) => parseChangelog(Buffer.from(text));

const trailer = " -- Jo Doe <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0100";
const entryText = (head: string, ...lines: readonly string[]): string =>
  [head, "", ...lines, "", trailer, ""].join("\n");
const hello = (version: string) =>
  entryText(`hello (${version}) unstable; urgency=medium`, `  * Release ${version}.`);
const versionsIn = (text: string) => parse(text).entries.map(({ version }) => version);

test("reads every part of an entry", () => {
  const head =
    "hello (1:2.0-1) bookworm-security unstable; urgency=HIGH (read this), binary-only=yes, Medium=x";
  expect(parse(entryText(head, "  [ Jo Doe ]", "  * One,", "    two.", "", "  * Three.  "))).toEqual({
    entries: [
      {
        source: "hello",
        version: "1:2.0-1",
        distributions: ["bookworm-security", "unstable"],
        urgency: "high",
        isBinaryOnly: true,
        keys: { medium: "x" },
        body: "  [ Jo Doe ]\n  * One,\n    two.\n\n  * Three.",
        maintainer: "Jo Doe <jo@example.org>",
        date: "Mon, 05 Jan 2026 10:00:00 +0100",
      },
    ],
    isCut: false,
  });
});

test("reads the entries in the order of the file", () => {
  expect(versionsIn(`${hello("3")}\n${hello("2")}\n${hello("1")}`)).toEqual(["3", "2", "1"]);
});

describe("the end of the entries", () => {
  test.each([
    ["variables of Emacs", "Local variables:\nmode: debian-changelog\n"],
    ["variables of Emacs in a comment", ";; Local variables:\n"],
    ["a mode line of vim", "vim:sw=2\n"],
  ])("is at %s", (_what, line) => {
    expect(parse(`${hello("2")}${line}\n${hello("1")}`)).toMatchObject({
      entries: [{ version: "2" }],
      isCut: false,
    });
  });

  test.each([
    ["a GNU date", "Tue Jan 16 09:40:01 1996  Jo Doe  <jo@example.org>"],
    ["a header without keys", "hello (0.9)"],
    ["a header of 1995", "hello 0.9 Debian 1"],
    ["changes between versions", "Changes from version 0.8 to 0.9:"],
    ["an old changelog", "Old Changelog:"],
    ["a version alone", "1.0-3:"],
  ])("is at the older format of %s, whose entries are cut", (_what, line) => {
    expect(parse(`${hello("2")}${line}\n  * More.\n${hello("1")}`)).toMatchObject({
      entries: [{ version: "2" }],
      isCut: true,
    });
  });

  test.each([
    [
      "debhelper",
      "# Older entries have been removed from this changelog.\n# To read the complete changelog use `apt changelog hello`.\n",
    ],
    ["Ubuntu", "# For older changelog entries, run 'apt-get changelog hello'\n"],
  ])("is cut where %s removed older entries", (_who, notice) => {
    expect(parse(hello("2") + notice)).toMatchObject({ entries: [{ version: "2" }], isCut: true });
  });

  test("is cut at two hundred entries", () => {
    const numbers = Array.from({ length: 201 }, (_, number) => String(300 - number));
    expect(parse(numbers.map(hello).join("\n"))).toMatchObject({ isCut: true });
    expect(versionsIn(numbers.map(hello).join("\n"))).toHaveLength(200);
    expect(parse(numbers.slice(0, 200).map(hello).join("\n"))).toMatchObject({ isCut: false });
  });
});

describe("what does not belong where it is", () => {
  test.each([
    ["a comment", "# a comment"],
    ["a comment of C", "/* a comment */"],
    ["a keyword of RCS", "$Id: changelog $"],
    ["a line of prose", "This line is not a heading"],
    ["a line indented by one space", " * not text"],
    ["a damaged trailer", " -- Jo Doe jo@example.org"],
  ])("is skipped: %s", (_what, line) => {
    const [entry] = parse(entryText("hello (1) unstable; urgency=low", "  * One.", line, "  * Two.")).entries;
    expect(entry?.body).toBe("  * One.\n  * Two.");
  });

  test("is text after a trailer, and before the first header", () => {
    expect(parse(`  * Lost.\n${hello("2")}  * Lost.\n${hello("1")}`).entries.map(({ body }) => body)).toEqual(
      ["  * Release 2.", "  * Release 1."],
    );
  });

  test("an entry may lack its trailer", () => {
    const text = `hello (2) unstable; urgency=low\n\n  * Two.\n\n${hello("1")}`;
    expect(parse(text).entries).toMatchObject([{ maintainer: undefined, date: undefined }, { version: "1" }]);
  });
});

test("bytes that are not UTF-8 become replacement characters", () => {
  const text = Buffer.from(
    hello("1").replace("Jo", "J\u00f6").replaceAll("Release", "R\u00e9lease"),
    "latin1",
  );
  expect(parse(text).entries).toMatchObject([
    { body: "  * R\ufffdlease 1.", maintainer: "J\ufffd Doe <jo@example.org>" },
  ]);
});

test("a header without keys, and one with unknown ones, has no urgency", () => {
  expect(parse(entryText("hello (1) unstable;")).entries).toMatchObject([{ urgency: undefined, keys: {} }]);
  expect(parse(entryText("hello (1) unstable; a=1, a=2, =3, b")).entries).toMatchObject([
    { keys: { a: "1" } },
  ]);
});

test("text in another format has no entries", () => {
  expect(parse("")).toEqual({ entries: [], isCut: false });
  expect(parse("2026-01-05  Jo Doe  <jo@example.org>\n\n\t* main.c: New.\n").entries).toEqual([]);
});

test("long lines take no more than linear time", () => {
  const hostile = ["a ", "a b 1 ", "Closes: ", " -- a <", "a (1) b ", "- ", "1 1:1:1 1111 "];
  for (const piece of hostile) {
    const line = piece.repeat(4096 / piece.length);
    expect(parse(`${line}\n`.repeat(200)).entries).toEqual([]);
  }
});
