import { posix } from "node:path";
import { linksOf } from "../markdown/links.ts";

export interface Page {
  /** Relative to the root of the repository, as all paths here. */
  readonly path: string;
  readonly text: string;
}

/** Returns the place of a page in the site; every other file keeps its path. */
export const sitePath = (path: string): string =>
  path.replace(/(^|\/)README\.md$/, "$1index.html").replace(/\.md$/, ".html");

/** Returns the link from one place of the site to another. */
export const linkBetween = (from: string, to: string): string =>
  posix.relative(posix.dirname(from), to) || posix.basename(to);

const isElsewhere = (target: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(target);

/** Returns a link of a page as the site has it. */
export function siteLink(page: string, target: string): string {
  if (isElsewhere(target) || target.startsWith("#")) return target;
  const [path = "", anchor] = target.split("#");
  const found = posix.join(posix.dirname(page), path);
  const link = linkBetween(sitePath(page), sitePath(found));
  return anchor === undefined ? link : `${link}#${anchor}`;
}

/** Returns the files, other than pages, to which a page links. */
export const linkedFiles = ({ path, text }: Page): readonly string[] =>
  linksOf(text)
    .filter(({ target }) => !isElsewhere(target) && !/\.md(?:#|$)|^#/.test(target))
    .map(({ target }) => posix.join(posix.dirname(path), target.split("#")[0] ?? ""));
