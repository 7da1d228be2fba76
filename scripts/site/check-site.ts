import { posix } from "node:path";

/**
 * Returns the references of HTML files that lead nowhere: to a file or an anchor that the site does not have. A page must not
 * load anything from elsewhere; it may link there.
 */
export const brokenReferences = (files: ReadonlyMap<string, string | Uint8Array>): readonly string[] =>
  [...files].flatMap(([path, content]) =>
    typeof content === "string" && path.endsWith(".html")
      ? referencesOf(content)
          .filter((reference) => !leadsSomewhere(path, reference, files))
          .map(({ name, target }) => `${path}: ${name}="${target}" leads nowhere`)
      : [],
  );

interface Reference {
  readonly element: string;
  readonly name: string;
  readonly target: string;
}

const referencesOf = (html: string): readonly Reference[] =>
  [...html.matchAll(/<(\w+)\b[^<>]*?\s(href|src)="([^"]*)"/g)].map(
    ([, element = "", name = "", target = ""]) => ({
      element,
      name,
      target: target.replaceAll("&amp;", "&"),
    }),
  );

function leadsSomewhere(
  page: string,
  { element, target }: Reference,
  files: ReadonlyMap<string, string | Uint8Array>,
): boolean {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return element === "a";
  const [path = "", anchor] = target.split("#");
  const found = path === "" ? page : posix.join(posix.dirname(page), path);
  const content = files.get(found);
  if (content === undefined || anchor === undefined) return content !== undefined;
  return typeof content === "string" && content.includes(`id="${decodeURIComponent(anchor)}"`);
}
