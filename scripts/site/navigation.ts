import { posix } from "node:path";
import { linksOf } from "../markdown/links.ts";
import { type Page, sitePath } from "./site-paths.ts";

export interface NavigationLink {
  readonly title: string;
  /** In the site. */
  readonly to: string;
}

export interface NavigationGroup {
  readonly title: string;
  readonly links: readonly NavigationLink[];
}

/**
 * Returns the pages in the order of docs/README.md, in groups that are its headings. After another README to which it links
 * come the pages to which that one links.
 */
export function navigationOf(pages: readonly Page[]): readonly NavigationGroup[] {
  const texts = new Map(pages.map(({ path, text }) => [path, text]));
  const linksIn = (path: string, text: string): readonly NavigationLink[] =>
    pathsIn(path, text).flatMap((found) => {
      const page = texts.get(found);
      if (page === undefined) return [];
      const link = { title: titleOf(page), to: sitePath(found) };
      return isIndex(found) ? [link, ...linksIn(found, page)] : [link];
    });
  const index = "docs/README.md";
  return sectionsOf(texts.get(index) ?? "")
    .map(({ title, body }) => ({ title, links: linksIn(index, body) }))
    .filter(({ links }) => links.length > 0);
}

/** Returns the files to which a page links, each once. */
const pathsIn = (page: string, text: string): readonly string[] => [
  ...new Set(
    linksOf(text)
      .filter(({ target }) => !/^[a-z]+:/.test(target))
      .map(({ target }) => posix.join(posix.dirname(page), target.split("#")[0] ?? "")),
  ),
];

const isIndex = (path: string): boolean => path.endsWith("/README.md");

export const titleOf = (text: string): string => (/^# (.*)$/m.exec(text)?.[1] ?? "").replaceAll("`", "");

/** Returns the text below each heading of the second level; what is above the first of them has the title of the page. */
const sectionsOf = (text: string): readonly { readonly title: string; readonly body: string }[] =>
  text.split(/^## /m).map((part, index) => {
    const [first = "", ...rest] = part.split("\n");
    return { title: index === 0 ? "Start here" : first, body: rest.join("\n") };
  });
