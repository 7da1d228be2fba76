import { expect, test } from "vitest";
import { anchorsOf } from "./anchors.ts";
import { brokenLinks, linksOf, type Pages, unreachablePages } from "./links.ts";
import { withQuotes } from "./quotes.ts";

const pagesOf = (files: Readonly<Record<string, string>>): Pages => ({
  read: (path) => files[path],
  has: (path) => path in files,
});

test("anchors are those that GitHub makes", () => {
  const page = [
    "# On disk",
    "## `[mirrors.<id>]`",
    "## What's new? 100 %, äöü_x",
    "```sh",
    "# no heading",
    "```",
    "## On [disk](x.md)",
    "### Space and inodes",
  ].join("\n");
  expect(anchorsOf(page)).toEqual([
    "on-disk",
    "mirrorsid",
    "whats-new-100--äöü_x",
    "on-disk-1",
    "space-and-inodes",
  ]);
});

test("finds links over two lines and definitions, and none in code", () => {
  const page = [
    "See [the",
    'page](a.md#x) and ![picture](b.png "Title"), `[not](c.md)`.',
    "",
    "```text",
    "[not](d.md)",
    "```",
    "[e]: e.md",
  ].join("\n");
  expect(linksOf(page).map(({ target }) => target)).toEqual(["a.md#x", "b.png", "e.md"]);
});

test("names links that lead nowhere, with their lines", () => {
  const page =
    "# A\n[1](b.md#b) [2](#a) [3](https://example.org/x) [4](../README.md)\n[5](b.md#c)\n[6](c.md) [7](/b.md)";
  const pages = pagesOf({ "docs/a.md": page, "docs/b.md": "# B", "README.md": "" });
  expect(brokenLinks("docs/a.md", page, pages).map(({ line, says }) => `${line}: ${says}`)).toEqual([
    "3: b.md#c: no heading has this anchor",
    "4: c.md: no such file",
    "4: /b.md: begins with /: write it relative to this page",
  ]);
  expect(brokenLinks("README.md", "[out](../x.md)", pages)).toHaveLength(1);
});

test("finds pages to which no link leads", () => {
  const pages = pagesOf({
    "docs/README.md": "[a](a.md)",
    "docs/a.md": "[b](q/b.md#x)",
    "docs/q/b.md": "",
    "docs/c.md": "",
  });
  const all = ["docs/README.md", "docs/a.md", "docs/c.md", "docs/q/b.md"];
  expect(unreachablePages("docs/README.md", all, pages)).toEqual(["docs/c.md"]);
});

const pageWith = (quoted: string) =>
  `<!-- quote: x.conf -->\n\`\`\`nginx\n${quoted}\`\`\`\n\n\`\`\`sh\nother\n\`\`\`\n`;

test("a quoted file replaces the block below its comment", () => {
  for (const before of ["", "old\n", "older\n\nand old\n"])
    expect(withQuotes(pageWith(before), (path) => `text of ${path}, $1\n`)).toBe(
      pageWith("text of x.conf, $1\n"),
    );
});
