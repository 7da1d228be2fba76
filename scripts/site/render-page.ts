import MarkdownIt from "markdown-it";
import { anchorsOf } from "../markdown/anchors.ts";
import { type NavigationGroup, titleOf } from "./navigation.ts";
import { linkBetween, type Page, siteLink, sitePath } from "./site-paths.ts";

/** Returns the page as HTML, with the navigation and the search. */
export function renderPage(page: Page, navigation: readonly NavigationGroup[]): string {
  const place = sitePath(page.path);
  const to = (target: string): string => escape(linkBetween(place, target));
  const title = titleOf(page.text);
  const root = "../".repeat(place.split("/").length - 1);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title === "mirrorctl" ? title : `${title} - mirrorctl`)}</title>
<link rel="stylesheet" href="${to("assets/site.css")}">
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header>
<a class="name" href="${to("index.html")}">mirrorctl</a>
<search><input id="search" type="search" placeholder="Search" aria-label="Search" autocomplete="off"
 data-root="${root}"><ol id="found" hidden></ol></search>
</header>
<div class="columns">
<nav aria-label="Pages">
${navigation.map((group) => groupOf(group, place, to)).join("\n")}
</nav>
<main id="content">
${bodyOf(page)}</main>
</div>
<script src="${to("assets/minisearch.js")}" defer></script>
<script src="${to("assets/documents.js")}" defer></script>
<script src="${to("assets/search.js")}" defer></script>
</body>
</html>
`;
}

const groupOf = (
  { title, links }: NavigationGroup,
  place: string,
  to: (target: string) => string,
): string => {
  const items = links.map(
    (link) =>
      `<li><a href="${to(link.to)}"${link.to === place ? ' aria-current="page"' : ""}>${escape(link.title)}</a></li>`,
  );
  const isOpen = links.length < 9 || links.some((link) => link.to === place);
  return `<details${isOpen ? " open" : ""}><summary>${escape(title)}</summary>\n<ul>\n${items.join("\n")}\n</ul></details>`;
};

const markdown = new MarkdownIt({ html: true });

function bodyOf({ path, text }: Page): string {
  const anchors = anchorsOf(text)[Symbol.iterator]();
  const tokens = markdown.parse(text, {});
  for (const token of tokens) {
    if (token.type === "heading_open") token.attrSet("id", anchors.next().value ?? "");
    if (token.type === "table_open") token.attrSet("tabindex", "0");
    for (const child of token.children ?? []) {
      const href = child.type === "link_open" ? child.attrGet("href") : null;
      if (href !== null) child.attrSet("href", siteLink(path, String(href)));
    }
  }
  return markdown.renderer.render(tokens, markdown.options, {});
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
