import { posix } from "node:path";
import { anchorsOf } from "./anchors.ts";
import { proseOf } from "./prose.ts";

export interface Link {
  readonly line: number;
  /** As written. */
  readonly target: string;
}

/** Returns the links and images of a page, also those that are defined at its end. */
export function linksOf(text: string): readonly Link[] {
  const prose = proseOf(text);
  return [...prose.matchAll(inline), ...prose.matchAll(definition)]
    .map(({ index, groups }) => ({
      line: prose.slice(0, index).split("\n").length,
      target: groups?.["target"] ?? "",
    }))
    .toSorted((a, b) => a.line - b.line);
}

const inline = /\]\(\s*<?(?<target>[^\s<>()]+(?:\([^\s()]*\))?[^\s<>()]*)>?(?:\s+"[^"]*")?\s*\)/g;
const definition = /^ {0,3}\[[^\]]+\]:\s*<?(?<target>[^\s<>]+)/gm;

export interface Pages {
  /** Returns the text of a page, undefined if there is none. */
  read(path: string): string | undefined;
  /** Says whether there is a file or directory. */
  has(path: string): boolean;
}

export interface Fault {
  readonly line: number;
  readonly says: string;
}

/** Returns the relative links of a page that lead nowhere. Paths are relative to the root of the repository. */
export function brokenLinks(page: string, text: string, pages: Pages): readonly Fault[] {
  return linksOf(text).flatMap(({ line, target }) => {
    const says = faultOf(page, text, target, pages);
    return says === undefined ? [] : [{ line, says: `${target}: ${says}` }];
  });
}

function faultOf(page: string, text: string, target: string, pages: Pages): string | undefined {
  if (hasScheme(target)) return undefined;
  if (target.startsWith("/")) return "begins with /: write it relative to this page";
  const path = pathOf(page, target);
  if (path.startsWith("..")) return "leads out of the repository";
  if (!pages.has(path)) return "no such file";
  const anchor = target.split("#")[1];
  if (anchor === undefined || !path.endsWith(".md")) return undefined;
  const anchors = anchorsOf(path === page ? text : (pages.read(path) ?? ""));
  return anchors.includes(decodeURIComponent(anchor)) ? undefined : "no heading has this anchor";
}

const hasScheme = (target: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(target);

/** Returns the path of a link's file. */
function pathOf(page: string, target: string): string {
  const [path = ""] = target.split("#");
  return path === "" ? page : posix.normalize(posix.join(posix.dirname(page), decodeURIComponent(path)));
}

/** Returns the pages that no link from `start` leads to, over any number of pages. */
export function unreachablePages(start: string, all: readonly string[], pages: Pages): readonly string[] {
  const seen = new Set([start]);
  for (const page of seen) {
    for (const { target } of linksOf(pages.read(page) ?? "")) {
      if (hasScheme(target)) continue;
      const path = pathOf(page, target);
      if (all.includes(path)) seen.add(path);
    }
  }
  return all.filter((page) => !seen.has(page));
}
