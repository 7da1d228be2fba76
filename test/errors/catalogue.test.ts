/** Every error that the program declares, as a user sees it. */
import { beforeAll, describe, expect, test } from "vitest";
import { raiseAll, type ShownError } from "./collect.ts";
import { codesIn, declaredCodes } from "./declared-codes.ts";
import { examples } from "./examples/index.ts";
import { deadLinks, deadReferences } from "./references.ts";
import { sentencesOfSource } from "./sentences.ts";

test("has an example of each error that src declares, and of no other", () => {
  expect(Object.keys(examples).toSorted()).toEqual(declaredCodes());
});

describe("each error", () => {
  let shown: readonly ShownError[];
  beforeAll(async () => {
    shown = await raiseAll();
  }, 60_000);

  test("is raised by its example", () => {
    expect(shown.map(({ code }) => code)).toEqual(Object.keys(examples).toSorted());
  });

  test("says what to do", () => {
    expect(shown.filter(({ hint = "" }) => !/\w{2}.* .*\w{2}/.test(hint)).map(({ code }) => code)).toEqual(
      [],
    );
  });

  /** A mirror, suite, file, URL, variable, value or program. */
  const place = /\b(?:debian|stable|production|apt-get)\b|\/\w|"[^"]+"|\b\w+_proxy\b/;

  test("says where", () => {
    const nowhere = shown
      .filter(({ code }) => !code.startsWith("repository/DEB_")) // those follow the path of the .deb
      .filter(({ message, hint = "" }) => !place.test(`${message}\n${hint}`));
    expect(nowhere.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });

  test("sends its reader only to commands, flags, pages and options that exist", () => {
    const dead = shown.flatMap(({ code, message, items, hint = "" }) =>
      [message, ...items, hint].flatMap(deadReferences).map((what) => `${code}: ${what}`),
    );
    expect(dead).toEqual([]);
  });

  test("begins like a sentence and names no secret", () => {
    for (const { message, hint = "" } of shown) {
      expect(message).not.toMatch(/^\s|\s$|secret|undefined|\[object/);
      expect(hint).not.toMatch(/undefined|\[object/);
    }
  });
});

test("no text of the program names a command, flag or page that does not exist", () => {
  const sentences = sentencesOfSource();
  expect(sentences.length).toBeGreaterThan(1_000);
  const dead = sentences.flatMap(({ path, text }) => deadLinks(text).map((what) => `${path}: ${what}`));
  expect(dead).toEqual([]);
});

test.each([
  ["a command at the wrong level", "To go back: mirrorctl rollback debian", "mirrorctl rollback debian"],
  ["a command", 'See "mirrorctl snapshot shwo debian".', "mirrorctl snapshot shwo debian"],
  ["a flag", "Run: mirrorctl snapshot rollback debian --onto NAME", "--onto"],
  ["a page", "docs/nowhere.md describes it.", "docs/nowhere.md"],
  ["an option", "Set allow_anything for that.", "allow_anything"],
])("a message must not name %s that does not exist", (_, text, dead) => {
  expect(deadReferences(text).join()).toContain(dead);
});

test("a message may name what exists", () => {
  const text =
    'mirrorctl keeps files. "mirrorctl snapshot rollback debian --to NAME": see docs/keys.md, allow_older.';
  expect(deadReferences(text)).toEqual([]);
});

test("finds the codes of a class by its union, an alias of it, or a single code", () => {
  const source = `type C = "A" | "B";
class X extends MirrorctlError<C> { override readonly area = "store"; }
class Y extends MirrorctlError<"D"> { override readonly area = "lock"; }`;
  expect(codesIn(source, "x.ts")).toEqual(["store/A", "store/B", "lock/D"]);
  expect(() => codesIn("class X extends MirrorctlError<Imported> { area = 'x' }", "x.ts")).toThrow("x.ts");
});
