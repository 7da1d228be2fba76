import { anchorsOf } from "../markdown/anchors.ts";
import { titleOf } from "./navigation.ts";
import { type Page, sitePath } from "./site-paths.ts";

/** Returns a script with every section of every page. A script and not JSON: a browser reads no JSON beside plain files. */
export const searchScript = (pages: readonly Page[]): string =>
  `globalThis.siteDocuments = ${JSON.stringify(pages.flatMap(sectionsOf))};\n`;

interface SearchDocument {
  /** Where the section is, from the root of the site. */
  readonly id: string;
  readonly page: string;
  readonly title: string;
  readonly text: string;
}

function sectionsOf({ path, text }: Page): readonly SearchDocument[] {
  const anchors = anchorsOf(text);
  const sections: string[][] = [];
  let isCode = false;
  for (const line of text.split("\n")) {
    if (/^ {0,3}```/.test(line)) isCode = !isCode;
    if (!isCode && /^#{1,6} /.test(line)) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections.map(([heading = "", ...lines], index) => ({
    id: `${sitePath(path)}#${anchors[index] ?? ""}`,
    page: titleOf(text),
    title: plain(heading.replace(/^#+ /, "")),
    text: plain(lines.join(" ")),
  }));
}

const plain = (text: string): string =>
  text
    .replaceAll(/<!--.*?-->/g, "")
    .replaceAll(/\]\([^)]*\)/g, "")
    .replaceAll(/[`*|[\]]|(?<=\s)-{1,3}(?=\s)/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
