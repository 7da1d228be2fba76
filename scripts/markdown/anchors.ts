import { proseOf } from "./prose.ts";

/** Returns the anchors that GitHub gives to the headings of a page, in their order. */
export function anchorsOf(text: string): readonly string[] {
  const lines = text.split("\n");
  const uses = new Map<string, number>();
  return proseOf(text)
    .split("\n")
    .flatMap((prose, index) => {
      if (!/^#{1,6} /.test(prose)) return [];
      const slug = slugOf(lines[index]?.replace(/^#+ +/, "") ?? "");
      const before = uses.get(slug) ?? 0;
      uses.set(slug, before + 1);
      return [before === 0 ? slug : `${slug}-${before}`];
    });
}

/** Returns a heading's anchor: its words in lower case, without marks of Markdown and punctuation. */
const slugOf = (heading: string): string =>
  heading
    .trim()
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
