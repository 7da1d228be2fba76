import MiniSearch from "minisearch";
import { expect, test } from "vitest";
import { brokenReferences } from "./check-site.ts";
import { navigationOf } from "./navigation.ts";
import { renderPage } from "./render-page.ts";
import { searchScript } from "./search-documents.ts";
import { linkedFiles, sitePath } from "./site-paths.ts";

const page = (path: string, text: string) => ({ path, text });
const index = page(
  "docs/README.md",
  "# Docs\n\n- [A](a.md)\n\n## Questions\n\n[all](q/README.md), [x](https://example.org)\n",
);
const questions = page("docs/q/README.md", "# Questions\n\n- [Why?](why.md#so)\n");
const why = page(
  "docs/q/why.md",
  "# Why `x`?\n\n## So\n\nSee [a](../a.md), [home](../../README.md), [file](../../x.toml).\n\n| a |\n| --- |\n",
);
const pages = [
  page("README.md", "# mirrorctl\n"),
  index,
  page("docs/a.md", "# A & B\n\ntext\n"),
  questions,
  why,
];
const navigation = navigationOf(pages);
const siteOf = (extra: Readonly<Record<string, string>> = {}) =>
  new Map([
    ...pages.map((one) => [sitePath(one.path), renderPage(one, navigation)] as const),
    ...["x.toml", "assets/site.css", "assets/search.js", "assets/minisearch.js", "assets/documents.js"].map(
      (path) => [path, ""] as const,
    ),
    ...Object.entries(extra),
  ]);

test("the navigation follows the index, and the indices below it", () => {
  expect(navigation).toEqual([
    { title: "Start here", links: [{ title: "A & B", to: "docs/a.html" }] },
    {
      title: "Questions",
      links: [
        { title: "Questions", to: "docs/q/index.html" },
        { title: "Why x?", to: "docs/q/why.html" },
      ],
    },
  ]);
});

test("links are relative, and lead to pages, headings and files of the site", () => {
  expect(linkedFiles(why)).toEqual(["x.toml"]);
  const html = renderPage(why, navigation);
  for (const href of ["../a.html", "../../index.html", "../../x.toml", "../../assets/site.css"])
    expect(html).toContain(`href="${href}"`);
  expect(renderPage(questions, navigation)).toContain('href="why.html#so"');
  expect(html).toContain('<h2 id="so">So</h2>');
  expect(brokenReferences(siteOf())).toEqual([]);
});

test("links that lead nowhere are found, and what is loaded from elsewhere", () => {
  const broken = [
    '<a href="b.html">',
    '<a href="docs/a.html#c">',
    '<img src="https://example.org/x.png">',
    '<a href="https://example.org/">',
  ];
  expect(brokenReferences(siteOf({ "broken.html": broken.join("") }))).toEqual([
    'broken.html: href="b.html" leads nowhere',
    'broken.html: href="docs/a.html#c" leads nowhere',
    'broken.html: src="https://example.org/x.png" leads nowhere',
  ]);
});

test("the search finds sections by their words, in a script that needs no request", () => {
  const [, json = ""] = /^globalThis\.siteDocuments = (.*);\n$/.exec(searchScript(pages)) ?? [];
  const documents = JSON.parse(json) as readonly object[];
  expect(documents).toContainEqual({
    id: "docs/q/why.html#so",
    page: "Why x?",
    title: "So",
    text: "See a, home, file. a",
  });
  const search = new MiniSearch({ fields: ["title", "page", "text"] });
  search.addAll(documents);
  expect(search.search("home").map(({ id }: { readonly id: unknown }) => id)).toEqual(["docs/q/why.html#so"]);
});
